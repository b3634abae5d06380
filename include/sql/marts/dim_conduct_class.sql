-- Classes of the national catalogue.
-- Grain, key: include/schemas/marts.yaml. Safe to re-run: reads only; publish.sql writes what differs.
select code as conduct_class_code, label as conduct_class_name
from ref.code
where list_code = 'catalogue_class'
