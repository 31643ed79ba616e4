-- Which parts of the catalog (`workspace/checksums.rs`) this connection changed since they were last written down.
-- No part is its key: a statement's own ON CONFLICT would go before one of the triggers.
CREATE TEMP TABLE changed (part TEXT NOT NULL);
CREATE TEMP TRIGGER runs_insert AFTER INSERT ON main.runs
BEGIN INSERT INTO changed VALUES ('run/' || NEW.run_id), ('runs'); END;
CREATE TEMP TRIGGER runs_update AFTER UPDATE ON main.runs
BEGIN INSERT INTO changed VALUES ('run/' || OLD.run_id), ('run/' || NEW.run_id), ('runs'); END;
CREATE TEMP TRIGGER runs_delete AFTER DELETE ON main.runs
BEGIN INSERT INTO changed VALUES ('run/' || OLD.run_id), ('runs'); END;
CREATE TEMP TRIGGER segments_insert AFTER INSERT ON main.segments
BEGIN INSERT INTO changed VALUES ('run/' || NEW.run_id); END;
CREATE TEMP TRIGGER segments_update AFTER UPDATE ON main.segments
BEGIN INSERT INTO changed VALUES ('run/' || OLD.run_id), ('run/' || NEW.run_id); END;
CREATE TEMP TRIGGER segments_delete AFTER DELETE ON main.segments
BEGIN INSERT INTO changed VALUES ('run/' || OLD.run_id); END;
CREATE TEMP TRIGGER facts_insert AFTER INSERT ON main.facts
BEGIN INSERT INTO changed VALUES ('run/' || NEW.run_id); END;
CREATE TEMP TRIGGER facts_update AFTER UPDATE ON main.facts
BEGIN INSERT INTO changed VALUES ('run/' || OLD.run_id), ('run/' || NEW.run_id); END;
CREATE TEMP TRIGGER facts_delete AFTER DELETE ON main.facts
BEGIN INSERT INTO changed VALUES ('run/' || OLD.run_id); END;
CREATE TEMP TRIGGER narratives_insert AFTER INSERT ON main.narratives
BEGIN INSERT INTO changed VALUES ('run/' || NEW.run_id); END;
CREATE TEMP TRIGGER narratives_update AFTER UPDATE ON main.narratives
BEGIN INSERT INTO changed VALUES ('run/' || OLD.run_id), ('run/' || NEW.run_id); END;
CREATE TEMP TRIGGER narratives_delete AFTER DELETE ON main.narratives
BEGIN INSERT INTO changed VALUES ('run/' || OLD.run_id); END;
CREATE TEMP TRIGGER decided_insert AFTER INSERT ON main.decided
BEGIN INSERT INTO changed VALUES ('run/' || NEW.run_id); END;
CREATE TEMP TRIGGER decided_update AFTER UPDATE ON main.decided
BEGIN INSERT INTO changed VALUES ('run/' || OLD.run_id), ('run/' || NEW.run_id); END;
CREATE TEMP TRIGGER decided_delete AFTER DELETE ON main.decided
BEGIN INSERT INTO changed VALUES ('run/' || OLD.run_id); END;
CREATE TEMP TRIGGER campaigns_insert AFTER INSERT ON main.campaigns
BEGIN INSERT INTO changed VALUES ('campaign/' || NEW.id); END;
CREATE TEMP TRIGGER campaigns_update AFTER UPDATE ON main.campaigns
BEGIN INSERT INTO changed VALUES ('campaign/' || OLD.id), ('campaign/' || NEW.id); END;
CREATE TEMP TRIGGER campaigns_delete AFTER DELETE ON main.campaigns
BEGIN INSERT INTO changed VALUES ('campaign/' || OLD.id); END;
CREATE TEMP TRIGGER campaign_members_insert AFTER INSERT ON main.campaign_members
BEGIN INSERT INTO changed VALUES ('campaign/' || NEW.campaign_id); END;
CREATE TEMP TRIGGER campaign_members_update AFTER UPDATE ON main.campaign_members
BEGIN INSERT INTO changed VALUES ('campaign/' || OLD.campaign_id), ('campaign/' || NEW.campaign_id); END;
CREATE TEMP TRIGGER campaign_members_delete AFTER DELETE ON main.campaign_members
BEGIN INSERT INTO changed VALUES ('campaign/' || OLD.campaign_id); END;
CREATE TEMP TRIGGER campaign_looks_insert AFTER INSERT ON main.campaign_looks
BEGIN INSERT INTO changed VALUES ('campaign/' || NEW.campaign_id); END;
CREATE TEMP TRIGGER campaign_looks_update AFTER UPDATE ON main.campaign_looks
BEGIN INSERT INTO changed VALUES ('campaign/' || OLD.campaign_id), ('campaign/' || NEW.campaign_id); END;
CREATE TEMP TRIGGER campaign_looks_delete AFTER DELETE ON main.campaign_looks
BEGIN INSERT INTO changed VALUES ('campaign/' || OLD.campaign_id); END;
CREATE TEMP TRIGGER meta_insert AFTER INSERT ON main.meta WHEN NEW.name <> 'audit_head'
BEGIN INSERT INTO changed VALUES ('settings'); END;
CREATE TEMP TRIGGER meta_update AFTER UPDATE ON main.meta WHEN NEW.name <> 'audit_head'
BEGIN INSERT INTO changed VALUES ('settings'); END;
CREATE TEMP TRIGGER meta_delete AFTER DELETE ON main.meta WHEN OLD.name <> 'audit_head'
BEGIN INSERT INTO changed VALUES ('settings'); END;
CREATE TEMP TRIGGER tombstones_insert AFTER INSERT ON main.tombstones
BEGIN INSERT INTO changed VALUES ('settings'); END;
CREATE TEMP TRIGGER tombstones_update AFTER UPDATE ON main.tombstones
BEGIN INSERT INTO changed VALUES ('settings'); END;
CREATE TEMP TRIGGER tombstones_delete AFTER DELETE ON main.tombstones
BEGIN INSERT INTO changed VALUES ('settings'); END;
CREATE TEMP TRIGGER restricted_insert AFTER INSERT ON main.restricted
BEGIN INSERT INTO changed VALUES ('settings'); END;
CREATE TEMP TRIGGER restricted_update AFTER UPDATE ON main.restricted
BEGIN INSERT INTO changed VALUES ('settings'); END;
CREATE TEMP TRIGGER restricted_delete AFTER DELETE ON main.restricted
BEGIN INSERT INTO changed VALUES ('settings'); END;
