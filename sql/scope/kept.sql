-- What a run asks for many times is computed once: the views of these names give what is kept.
CREATE TABLE scope.activity AS SELECT * FROM activity;
CREATE OR REPLACE TEMP VIEW activity AS SELECT * FROM scope.activity;
CREATE TABLE scope.sales AS SELECT * FROM sales;
CREATE OR REPLACE TEMP VIEW sales AS SELECT * FROM scope.sales;
