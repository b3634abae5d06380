-- The date by which a row tells a later state of its fact; NULL where its date is a value like any other, and a corrected file corrects
-- it, earlier or later (B8). A register, a measure with its feedback and an abnormality that ended are told again as they go on.
-- Grain: one claim. Safe to re-run: only a definition.
create or replace function core.state_date(act text, document_on date)
returns date
language sql immutable parallel safe
return case when act in ('registration', 'punishment', 'abnormality') then document_on end;
