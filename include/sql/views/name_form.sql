-- The forms by which near names find each other: 0 the name's own part, -1 with its place in front, from 1 on with one character
-- left out of the own part, then of the place. Own parts of up to three characters are compared whole.
-- Grain: one form of one name; NULL where there is none of that number. Safe to re-run: only a definition.
create or replace function core.form_of(prefix text, core_name text, number integer)
returns bigint
language sql immutable parallel safe
return case
    when number = 0 then hashtextextended(core_name, 0)
    when number = -1 then hashtextextended(prefix || core_name, 0)
    when number <= length(core_name) and length(core_name) > 3
        then hashtextextended(left(core_name, number - 1) || substr(core_name, number + 1), 0)
    when number between length(core_name) + 1 and length(core_name) + length(prefix)
        then hashtextextended(overlay(prefix placing '' from number - length(core_name) for 1) || core_name, 0)
end;
