-- rule: restricted
-- title: Users who are kept and not used | 仅保存不使用的用户
-- Those of `portray privacy restrict`, as it stands now, with all that are the same person.
SELECT row_id FROM rows WHERE person IN (SELECT user_id FROM restricted) OR unit IN (SELECT user_id FROM restricted)
