/* pgmigrate-encoding: utf-8 */
-- Marking a built-in operator LEAKPROOF makes the trigram index usable under RLS, and opens a working oracle: pattern errors
-- (22025) then tell one tenant what names another one has.
select '0702' as regra, 'pg_catalog.' || p.proname as objeto, 'operador do sistema marcado LEAKPROOF a mão' as detalhe
from pg_proc as p
where p.pronamespace = 'pg_catalog'::regnamespace and p.proleakproof and p.proname in (
    'textlike', 'textnlike', 'texticlike', 'texticnlike', 'textregexeq', 'texticregexeq', 'bpcharlike', 'namelike', 'enum_eq', 'enum_lt', 'enum_gt',
    'numeric_eq', 'numeric_lt', 'numeric_gt', 'jsonb_contains', 'jsonb_exists', 'jsonb_eq', 'array_eq', 'arraycontains', 'arrayoverlap', 'arraycontained',
    'ts_match_vq', 'ts_match_qv', 'record_eq', 'range_contains_elem', 'range_overlaps'
)
