SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE FUNCTION public.follow_up_timeliness(due_on date, overdue_after_days integer, today date) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (today > (due_on + (overdue_after_days - 1))) THEN 'OVERDUE'::text WHEN (today > due_on) THEN 'LATE'::text WHEN (today = due_on) THEN 'DUE'::text ELSE 'ON_TIME'::text END;
CREATE FUNCTION public.followup_one_watched_deadline() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    changed_case uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.case_id ELSE NEW.case_id END;
    followed boolean;
    armed integer;
    primaries integer;
BEGIN
    SELECT phase = 'FOLLOW_UP' INTO followed FROM followup_case WHERE case_id = changed_case;
    SELECT count(*), count(*) FILTER (WHERE is_primary) INTO armed, primaries
    FROM obligation WHERE case_id = changed_case AND state = 'ARMED';
    IF followed IS TRUE AND primaries <> 1 THEN
        RAISE EXCEPTION 'a followed case has % primary deadlines', primaries
            USING ERRCODE = 'check_violation', CONSTRAINT = 'followup_one_watched_deadline';
    END IF;
    IF followed IS NOT TRUE AND armed > 0 THEN
        RAISE EXCEPTION 'a case that is not followed has % deadlines', armed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'followup_one_watched_deadline';
    END IF;
    RETURN NULL;
END
$$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.followup_case (
    case_id uuid NOT NULL,
    case_number text NOT NULL,
    office_id text NOT NULL,
    phase text NOT NULL,
    segment integer NOT NULL,
    set_number integer NOT NULL,
    standing_arrivals integer NOT NULL,
    arrived_on date,
    close_reason text,
    closed_at timestamp with time zone,
    decision_due_on date,
    decision_on date,
    decision_from date,
    decision_level integer NOT NULL,
    decision_open boolean NOT NULL,
    watched_from timestamp with time zone NOT NULL,
    echoes_due integer NOT NULL,
    contact_due_on date,
    contact_told boolean NOT NULL,
    contact_days date[] NOT NULL,
    contact_outcomes text[] NOT NULL,
    version integer NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT followup_case_arrivals CHECK ((standing_arrivals >= 0)),
    CONSTRAINT followup_case_close_reason CHECK ((close_reason = ANY (ARRAY['PERIOD_ENDED'::text, 'ASKED_TO_STOP'::text, 'LEFT_AREA'::text, 'DIED'::text, 'ABROAD_AGAIN'::text, 'SECURITY'::text, 'NOT_IDENTIFIED'::text]))),
    CONSTRAINT followup_case_contact_outcomes CHECK ((contact_outcomes <@ ARRAY['REACHED'::text, 'NOT_AT_ADDRESS'::text, 'MOVED_AWAY'::text])),
    CONSTRAINT followup_case_contacts CHECK ((cardinality(contact_days) = cardinality(contact_outcomes))),
    CONSTRAINT followup_case_decision CHECK (((NOT decision_open) OR (decision_due_on IS NOT NULL))),
    CONSTRAINT followup_case_echoes CHECK ((echoes_due >= 0)),
    CONSTRAINT followup_case_followed CHECK (((phase <> 'FOLLOW_UP'::text) OR (arrived_on IS NOT NULL))),
    CONSTRAINT followup_case_phase CHECK ((phase = ANY (ARRAY['REGISTERED'::text, 'IN_TRANSIT'::text, 'REJECTED'::text, 'SEARCH'::text, 'ARRIVED'::text, 'FOLLOW_UP'::text, 'CLOSED'::text, 'WITHDRAWN'::text, 'ADMITTED'::text, 'DISCHARGED'::text])))
);
CREATE TABLE public.inbox (
    id bigint NOT NULL,
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    record_offset bigint NOT NULL,
    type text NOT NULL,
    subject uuid,
    version integer NOT NULL,
    "time" timestamp with time zone,
    correlation_id text NOT NULL,
    payload bytea NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    error text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    decided_by text DEFAULT ''::text NOT NULL,
    decided_reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT inbox_state CHECK ((state = ANY (ARRAY['PENDING'::text, 'PARKED'::text, 'DONE'::text, 'QUARANTINED'::text, 'SKIPPED'::text])))
);
CREATE TABLE public.obligation (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    reference_id uuid,
    rule text NOT NULL,
    rule_version integer NOT NULL,
    calendar_version text NOT NULL,
    is_primary boolean NOT NULL,
    due_on date NOT NULL,
    due_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    level integer NOT NULL,
    counted_from date,
    fired_at timestamp with time zone,
    late boolean NOT NULL,
    CONSTRAINT obligation_state CHECK ((state = ANY (ARRAY['ARMED'::text, 'FIRED'::text, 'DISARMED'::text])))
);
CREATE TABLE public.outbox (
    id bigint NOT NULL,
    event_id uuid NOT NULL,
    topic text NOT NULL,
    type text NOT NULL,
    subject uuid NOT NULL,
    version integer NOT NULL,
    "time" timestamp with time zone NOT NULL,
    correlation_id text NOT NULL,
    causation_id text NOT NULL,
    traceparent text NOT NULL,
    payload bytea NOT NULL,
    sent_at timestamp with time zone
);
CREATE TABLE public.watcher (
    name text NOT NULL,
    ticked_at timestamp with time zone NOT NULL,
    ticked_real_at timestamp with time zone NOT NULL
);
CREATE VIEW public.audit_case AS
 SELECT c.case_id,
    c.phase,
    c.office_id,
    (c.phase <> ALL (ARRAY['CLOSED'::text, 'WITHDRAWN'::text])) AS is_open,
    o.rule AS deadline_rule,
    o.due_on AS deadline_on,
    o.due_at AS deadline_at,
        CASE
            WHEN (o.rule IS NOT NULL) THEN 'followup'::text
            ELSE NULL::text
        END AS watched_by,
    ( SELECT w.ticked_real_at
           FROM public.watcher w
          WHERE (w.name = 'followup.deadlines'::text)) AS watcher_seen_at,
    ( SELECT (count(*))::integer AS count
           FROM public.obligation p
          WHERE ((p.case_id = c.case_id) AND (p.state = 'ARMED'::text) AND p.is_primary)) AS primary_count,
    ((EXISTS ( SELECT 1
           FROM public.outbox b
          WHERE ((b.subject = c.case_id) AND (b.sent_at IS NULL)))) OR (EXISTS ( SELECT 1
           FROM public.inbox i
          WHERE ((i.subject = c.case_id) AND (i.state = 'PENDING'::text))))) AS in_flight,
    (EXISTS ( SELECT 1
           FROM public.inbox i
          WHERE ((i.subject = c.case_id) AND (i.state = ANY (ARRAY['QUARANTINED'::text, 'PARKED'::text]))))) AS blocked,
    c.changed_at
   FROM (public.followup_case c
     LEFT JOIN public.obligation o ON (((o.case_id = c.case_id) AND (o.state = 'ARMED'::text) AND o.is_primary)));
CREATE TABLE public.calendar_overlay (
    version integer NOT NULL,
    days_off date[] NOT NULL,
    days_worked date[] NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT calendar_overlay_from_1 CHECK ((version >= 1))
);
CREATE TABLE public.consumer_control (
    consumer text NOT NULL,
    desired text NOT NULL,
    reason text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT consumer_control_desired CHECK ((desired = ANY (ARRAY['RUN'::text, 'HOLD'::text])))
);
CREATE TABLE public.follow_up (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    set_number integer NOT NULL,
    kind text NOT NULL,
    office_id text NOT NULL,
    arrived_on date NOT NULL,
    due_on date NOT NULL,
    overdue_after_days integer NOT NULL,
    state text NOT NULL,
    stage text NOT NULL,
    escalation_level integer NOT NULL,
    escalate_on date,
    escalate_from date,
    attempts date[] NOT NULL,
    lost boolean NOT NULL,
    visited_on date,
    outcome text,
    warning_signs text[] NOT NULL,
    recorded_by text,
    version integer NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT follow_up_escalation CHECK (((stage = 'OVERDUE'::text) = (escalate_on IS NOT NULL))),
    CONSTRAINT follow_up_kind CHECK ((kind = ANY (ARRAY['MONTHS_3'::text, 'YEARS_3'::text]))),
    CONSTRAINT follow_up_outcome CHECK ((outcome = ANY (ARRAY['SETTLED'::text, 'NEEDS_SUPPORT'::text, 'AT_RISK'::text, 'DECLINED'::text]))),
    CONSTRAINT follow_up_overdue CHECK ((overdue_after_days >= 1)),
    CONSTRAINT follow_up_recorded CHECK (((state = 'RECORDED'::text) = ((visited_on IS NOT NULL) AND (outcome IS NOT NULL) AND (recorded_by IS NOT NULL)))),
    CONSTRAINT follow_up_stage CHECK ((stage = ANY (ARRAY['SCHEDULED'::text, 'DUE'::text, 'OVERDUE'::text]))),
    CONSTRAINT follow_up_state CHECK ((state = ANY (ARRAY['OPEN'::text, 'RECORDED'::text, 'CANCELLED'::text]))),
    CONSTRAINT follow_up_warning_signs CHECK ((cardinality(warning_signs) <= 45))
);
ALTER TABLE public.inbox ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.inbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.inbox_position (
    consumer text NOT NULL,
    topic text NOT NULL,
    subject uuid NOT NULL,
    version integer NOT NULL
);
CREATE TABLE public.office_end (
    office_id text NOT NULL,
    valid_to date NOT NULL,
    successor_id text,
    heir_id text NOT NULL,
    moved jsonb NOT NULL,
    ended_at timestamp with time zone NOT NULL
);
CREATE TABLE public.office_overlay (
    office_id text NOT NULL,
    role text NOT NULL,
    province text,
    name_en text NOT NULL,
    name_vi text NOT NULL,
    valid_from date NOT NULL,
    facility_kind text,
    capacity integer,
    opened_at timestamp with time zone NOT NULL
);
ALTER TABLE public.outbox ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.overlay_edition (
    one boolean DEFAULT true NOT NULL,
    edition integer NOT NULL,
    CONSTRAINT overlay_edition_one CHECK (one)
);
CREATE TABLE public.request_log (
    office_id text NOT NULL,
    request_id uuid NOT NULL,
    method text NOT NULL,
    digest bytea NOT NULL,
    response bytea,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.rule_overlay (
    code text NOT NULL,
    version integer NOT NULL,
    amount integer NOT NULL,
    unit text NOT NULL,
    basis text NOT NULL,
    legal_source text NOT NULL,
    valid_from date NOT NULL,
    changed_at timestamp with time zone NOT NULL
);
CREATE TABLE public.stream_version (
    topic text NOT NULL,
    subject uuid NOT NULL,
    version integer NOT NULL
);
INSERT INTO public.alembic_version VALUES
	('0001');
INSERT INTO public.calendar_overlay VALUES
	(1, '{2027-07-07}', '{}', '2026-12-19 07:21:45.973692+00');
INSERT INTO public.follow_up VALUES
	('01a2262d-4375-7b73-a838-7031d4f11135', '01a2262c-f676-7d76-803d-1c8e42142f9d', 1, 'YEARS_3', 'SA-15', '2026-11-29', '2029-11-29', 30, 'OPEN', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 1, '2026-11-29 07:20:30.261289+00'),
	('01a2262d-69b0-7915-b9ad-e8794fe55e66', '01a2262c-f678-7862-8517-7f13aca02b60', 1, 'MONTHS_3', 'SA-20', '2026-11-29', '2027-02-28', 14, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2026-11-29 07:20:45.459203+00'),
	('01a2262d-69b1-7751-9405-2b62dd01cff3', '01a2262c-f678-7862-8517-7f13aca02b60', 1, 'YEARS_3', 'SA-20', '2026-11-29', '2029-11-29', 30, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2026-11-29 07:20:45.459203+00'),
	('01a2262d-52dd-74fe-8977-ec1b6d0af8ba', '01a2262c-f677-733d-975e-9330f8b4a36f', 1, 'YEARS_3', 'SA-20', '2026-11-29', '2029-11-29', 30, 'OPEN', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 3, '2026-11-29 07:20:50.277133+00'),
	('01a2262d-c8db-7dc4-96f3-d53709f4571b', '01a2262d-b62a-7922-9f20-9d111a62cf5c', 1, 'MONTHS_3', 'SA-04', '2026-12-19', '2027-03-19', 14, 'OPEN', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 1, '2026-12-19 07:21:00.147764+00'),
	('01a2262d-c8dc-7dc4-bbf0-50ab9b81fa34', '01a2262d-b62a-7922-9f20-9d111a62cf5c', 1, 'YEARS_3', 'SA-04', '2026-12-19', '2029-12-19', 30, 'OPEN', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 1, '2026-12-19 07:21:00.147764+00'),
	('01a2262e-5da4-72ed-b81b-6f995ef11302', '01a2262d-b630-77a2-b158-2f7626083322', 1, 'MONTHS_3', 'SA-40', '2026-12-19', '2027-03-19', 14, 'OPEN', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2026-12-19 07:21:44.339008+00'),
	('01a2262e-5da5-7823-95ab-c6d541998b99', '01a2262d-b630-77a2-b158-2f7626083322', 1, 'YEARS_3', 'SA-40', '2026-12-19', '2029-12-19', 30, 'OPEN', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2026-12-19 07:21:44.339008+00'),
	('01a2262d-f6dd-7fc3-a743-887e34db967d', '01a2262d-b62c-74cf-8eb1-49e932ed9845', 1, 'YEARS_3', 'SA-04', '2026-12-19', '2029-12-19', 30, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 4, '2027-03-17 17:00:38.600342+00'),
	('01a2262d-52dc-74c3-a620-6e18c5b24450', '01a2262c-f677-733d-975e-9330f8b4a36f', 1, 'MONTHS_3', 'SA-20', '2026-11-29', '2027-02-28', 14, 'RECORDED', 'DUE', 0, NULL, NULL, '{}', false, '2027-03-01', 'NEEDS_SUPPORT', '{}', 'SA-20', 5, '2027-02-28 17:00:03.635216+00'),
	('01a2262d-4374-704d-b2e9-5bb291908acc', '01a2262c-f676-7d76-803d-1c8e42142f9d', 1, 'MONTHS_3', 'SA-15', '2026-11-29', '2027-02-28', 14, 'OPEN', 'OVERDUE', 0, '2027-03-27', '2027-03-13', '{}', false, NULL, NULL, '{}', NULL, 3, '2027-03-13 17:00:01.060147+00'),
	('01a2262e-44c5-75a4-811b-b6cb56a70fd8', '01a2262d-b62f-74a9-a822-9385630032d7', 1, 'MONTHS_3', 'SA-04', '2026-12-19', '2027-03-19', 14, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:12.196758+00'),
	('01a2262e-44c6-79c1-8844-ef2e770dc26b', '01a2262d-b62f-74a9-a822-9385630032d7', 1, 'YEARS_3', 'SA-04', '2026-12-19', '2029-12-19', 30, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:12.196758+00'),
	('01a2262e-2ba7-72cb-9940-c552b7bc6569', '01a2262d-b62e-751a-8491-94a42cea403c', 1, 'MONTHS_3', 'SA-04', '2026-12-19', '2027-03-19', 14, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:13.335087+00'),
	('01a2262e-2ba8-7de3-a329-37f3cab2b78e', '01a2262d-b62e-751a-8491-94a42cea403c', 1, 'YEARS_3', 'SA-04', '2026-12-19', '2029-12-19', 30, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:13.335087+00'),
	('01a2262e-1185-7891-a1cd-eb9d76645537', '01a2262d-b62d-7361-9cd1-125edd96721c', 1, 'MONTHS_3', 'SA-04', '2026-12-19', '2027-03-19', 14, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:13.82576+00'),
	('01a2262e-1186-7708-a4ce-01e1a8aafff5', '01a2262d-b62d-7361-9cd1-125edd96721c', 1, 'YEARS_3', 'SA-04', '2026-12-19', '2029-12-19', 30, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:13.82576+00'),
	('01a2262d-e041-7f14-a10a-a91ac23670bd', '01a2262d-b62b-7ff0-bf23-4cf93c87f09f', 1, 'MONTHS_3', 'SA-04', '2026-12-19', '2027-03-19', 14, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:38.01514+00'),
	('01a2262d-e042-7824-937f-2edf95a055cf', '01a2262d-b62b-7ff0-bf23-4cf93c87f09f', 1, 'YEARS_3', 'SA-04', '2026-12-19', '2029-12-19', 30, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:38.01514+00'),
	('01a2262d-f6dc-7bdf-9fd0-f14dfde0ed84', '01a2262d-b62c-74cf-8eb1-49e932ed9845', 1, 'MONTHS_3', 'SA-04', '2026-12-19', '2027-03-19', 14, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 4, '2027-03-17 17:00:38.600342+00');
INSERT INTO public.followup_case VALUES
	('01a2262c-f678-7862-8517-7f13aca02b60', 'HW-206-011-335', 'SA-20', 'CLOSED', 2, 1, 1, '2026-11-29', 'ASKED_TO_STOP', '2026-11-29 07:20:45.459203+00', NULL, NULL, NULL, 0, false, '2026-11-29 07:20:40.057231+00', 0, NULL, false, '{2026-11-29}', '{REACHED}', 4, '2026-11-29 07:20:46.55881+00'),
	('01a2262d-b62a-7922-9f20-9d111a62cf5c', 'HW-404-508-470', 'SA-04', 'FOLLOW_UP', 2, 1, 1, '2026-12-19', NULL, NULL, NULL, NULL, NULL, 0, false, '2026-12-19 07:21:00.147764+00', 0, NULL, false, '{2026-12-19}', '{REACHED}', 2, '2026-12-19 07:21:02.86776+00'),
	('01a2262d-b630-77a2-b158-2f7626083322', 'HW-961-803-307', 'SA-40', 'FOLLOW_UP', 2, 1, 1, '2026-12-19', NULL, NULL, NULL, NULL, NULL, 0, false, '2026-12-19 07:21:38.293413+00', 0, NULL, false, '{2026-12-19}', '{REACHED}', 3, '2026-12-19 07:21:44.339008+00'),
	('01a2262c-f677-733d-975e-9330f8b4a36f', 'HW-809-016-943', 'SA-20', 'FOLLOW_UP', 3, 1, 1, '2026-11-29', NULL, NULL, NULL, NULL, NULL, 0, false, '2026-11-29 07:20:50.277133+00', 0, NULL, false, '{2026-11-29}', '{REACHED}', 8, '2027-02-28 17:00:03.635216+00'),
	('01a2262c-f676-7d76-803d-1c8e42142f9d', 'HW-618-033-991', 'SA-15', 'FOLLOW_UP', 2, 1, 1, '2026-11-29', NULL, NULL, NULL, NULL, NULL, 0, false, '2026-11-29 07:20:30.261289+00', 0, '2026-12-06', true, '{}', '{}', 4, '2027-03-13 17:00:01.060147+00'),
	('01a2262d-b62f-74a9-a822-9385630032d7', 'HW-402-003-749', 'SA-04', 'CLOSED', 2, 1, 1, '2026-12-19', 'ASKED_TO_STOP', '2027-03-17 17:00:12.196758+00', NULL, NULL, NULL, 0, false, '2026-12-19 07:21:31.865188+00', 1, NULL, false, '{2026-12-19}', '{REACHED}', 3, '2027-03-17 17:00:12.196758+00'),
	('01a2262d-b62e-751a-8491-94a42cea403c', 'HW-702-254-182', 'SA-04', 'CLOSED', 2, 1, 1, '2026-12-19', 'ASKED_TO_STOP', '2027-03-17 17:00:13.335087+00', NULL, NULL, NULL, 0, false, '2026-12-19 07:21:25.478547+00', 1, NULL, false, '{2026-12-19}', '{REACHED}', 3, '2027-03-17 17:00:13.335087+00'),
	('01a2262d-b62d-7361-9cd1-125edd96721c', 'HW-088-290-574', 'SA-04', 'CLOSED', 2, 1, 1, '2026-12-19', 'ASKED_TO_STOP', '2027-03-17 17:00:13.82576+00', NULL, NULL, NULL, 0, false, '2026-12-19 07:21:18.763496+00', 1, NULL, false, '{2026-12-19}', '{REACHED}', 3, '2027-03-17 17:00:13.82576+00'),
	('01a2262d-b62b-7ff0-bf23-4cf93c87f09f', 'HW-923-606-716', 'SA-04', 'CLOSED', 2, 1, 1, '2026-12-19', 'ASKED_TO_STOP', '2027-03-17 17:00:38.01514+00', NULL, NULL, NULL, 0, false, '2026-12-19 07:21:06.131946+00', 1, NULL, false, '{2026-12-19}', '{REACHED}', 3, '2027-03-17 17:00:38.01514+00'),
	('01a2262d-b62c-74cf-8eb1-49e932ed9845', 'HW-603-005-611', 'SA-04', 'CLOSED', 2, 1, 1, '2026-12-19', 'ASKED_TO_STOP', '2027-03-17 17:00:38.600342+00', NULL, NULL, NULL, 0, false, '2027-03-17 17:00:38.43269+00', 3, NULL, false, '{2026-12-19}', '{REACHED}', 5, '2027-03-17 17:00:38.600342+00');
INSERT INTO public.inbox VALUES
	(14, 'followup', '01a2262d-6775-7e41-b1fd-beeefbd2bec4', 'homeward.transfer.v1', 2, 8, 'homeward.events.v1.TransferAcknowledged', '01a2262c-f678-7862-8517-7f13aca02b60', 4, '2026-11-29 07:20:39.315789+00', '7243e180-af0d-4e31-ab22-2f3d69ca9e06', '\x0a2430316132323632632d663637382d373836322d383531372d376631336163613032623630122430316132323632642d363537622d373065382d386261362d6566643438303032663737301a0e42502d434e2d4d4f4e472d434149220553412d32302a0a323032362d31312d3239', 'DONE', 1, '2026-11-29 07:20:40.019015+00', '', '2026-11-29 07:20:40.019015+00', '2026-11-29 07:20:40.172146+00', '', ''),
	(1, 'followup', '01a2262d-32fc-7775-9b61-ad4040c6c388', 'homeward.transfer.v1', 1, 0, 'homeward.events.v1.CustodyChanged', '01a2262c-f676-7d76-803d-1c8e42142f9d', 1, '2026-11-29 07:20:25.804745+00', '6e5c256a-4d31-47af-b1ba-b3618a7da616', '\x0a2430316132323632632d663637362d376437362d383033642d316338653432313432663964120e48572d3631382d3033332d393931180120012a0e42502d434e2d4d4f4e472d43414938014a0c08b9a4afd80610a8deddff02', 'DONE', 1, '2026-11-29 07:20:27.357096+00', '', '2026-11-29 07:20:27.357096+00', '2026-11-29 07:20:27.516817+00', '', ''),
	(2, 'followup', '01a2262d-33db-71e7-b645-624e43416bfa', 'homeward.transfer.v1', 2, 0, 'homeward.events.v1.CustodyChanged', '01a2262c-f677-733d-975e-9330f8b4a36f', 1, '2026-11-29 07:20:25.804745+00', '6e5c256a-4d31-47af-b1ba-b3618a7da616', '\x0a2430316132323632632d663637372d373333642d393735652d393333306638623461333666120e48572d3830392d3031362d393433180120012a0e42502d434e2d4d4f4e472d43414938014a0c08b9a4afd80610a8deddff02', 'DONE', 1, '2026-11-29 07:20:27.357096+00', '', '2026-11-29 07:20:27.357096+00', '2026-11-29 07:20:27.516887+00', '', ''),
	(3, 'followup', '01a2262d-34c3-7c98-8f6c-b33d6bbd40ee', 'homeward.transfer.v1', 2, 1, 'homeward.events.v1.CustodyChanged', '01a2262c-f678-7862-8517-7f13aca02b60', 1, '2026-11-29 07:20:25.804745+00', '6e5c256a-4d31-47af-b1ba-b3618a7da616', '\x0a2430316132323632632d663637382d373836322d383531372d376631336163613032623630120e48572d3230362d3031312d333335180120012a0e42502d434e2d4d4f4e472d43414938014a0c08b9a4afd80610a8deddff02', 'DONE', 1, '2026-11-29 07:20:27.357096+00', '', '2026-11-29 07:20:27.357096+00', '2026-11-29 07:20:27.516894+00', '', ''),
	(15, 'followup', '01a2262d-6776-715f-b276-59e048fd1ef0', 'homeward.transfer.v1', 2, 9, 'homeward.events.v1.CustodyChanged', '01a2262c-f678-7862-8517-7f13aca02b60', 5, '2026-11-29 07:20:39.315789+00', '7243e180-af0d-4e31-ab22-2f3d69ca9e06', '\x0a2430316132323632632d663637382d373836322d383531372d376631336163613032623630120e48572d3230362d3031312d333335180220052a0553412d3230320e42502d434e2d4d4f4e472d4341493802420a323032362d31312d32394a0c08c7a4afd80610c89dca9601', 'DONE', 1, '2026-11-29 07:20:40.019015+00', '', '2026-11-29 07:20:40.019015+00', '2026-11-29 07:20:40.172192+00', '', ''),
	(8, 'followup', '01a2262d-4e2e-77d8-811e-9f90c0fba516', 'homeward.transfer.v1', 2, 2, 'homeward.events.v1.TransferPlanned', '01a2262c-f677-733d-975e-9330f8b4a36f', 2, '2026-11-29 07:20:32.878454+00', 'b3d4d6d2-89cf-45fa-bfce-b96367438455', '\x0a2430316132323632632d663637372d373333642d393735652d393333306638623461333666122430316132323632642d346462362d373363372d613231622d6164653662333433376230391a0e42502d434e2d4d4f4e472d434149220553412d32302a0a323032362d31312d3239320a323032362d31312d3330', 'DONE', 1, '2026-11-29 07:20:33.421578+00', '', '2026-11-29 07:20:33.421578+00', '2026-11-29 07:20:33.549161+00', '', ''),
	(4, 'followup', '01a2262d-3df2-7163-8ba4-b758edb5a82f', 'homeward.transfer.v1', 1, 1, 'homeward.events.v1.TransferPlanned', '01a2262c-f676-7d76-803d-1c8e42142f9d', 2, '2026-11-29 07:20:28.506447+00', 'a2e10ce6-d062-4028-8869-831b0480b8c6', '\x0a2430316132323632632d663637362d376437362d383033642d316338653432313432663964122430316132323632642d336364322d373461332d613031612d3432396133356430636231341a0e42502d434e2d4d4f4e472d434149220553412d31352a0a323032362d31312d3239320a323032362d31312d3330', 'DONE', 1, '2026-11-29 07:20:29.327655+00', '', '2026-11-29 07:20:29.327655+00', '2026-11-29 07:20:29.440383+00', '', ''),
	(5, 'followup', '01a2262d-3df3-7fc0-b8ef-e17982920df8', 'homeward.transfer.v1', 1, 2, 'homeward.events.v1.TransferDispatched', '01a2262c-f676-7d76-803d-1c8e42142f9d', 3, '2026-11-29 07:20:28.506447+00', 'a2e10ce6-d062-4028-8869-831b0480b8c6', '\x0a2430316132323632632d663637362d376437362d383033642d316338653432313432663964122430316132323632642d336364322d373461332d613031612d3432396133356430636231341a0e42502d434e2d4d4f4e472d434149220553412d31352a0a323032362d31312d3239320a323032362d31312d33303a0a323032362d31322d3033420e48572d3631382d3033332d393931', 'DONE', 1, '2026-11-29 07:20:29.327655+00', '', '2026-11-29 07:20:29.327655+00', '2026-11-29 07:20:29.440437+00', '', ''),
	(9, 'followup', '01a2262d-4e2f-7cd7-b85a-42bd93459f00', 'homeward.transfer.v1', 2, 3, 'homeward.events.v1.TransferDispatched', '01a2262c-f677-733d-975e-9330f8b4a36f', 3, '2026-11-29 07:20:32.878454+00', 'b3d4d6d2-89cf-45fa-bfce-b96367438455', '\x0a2430316132323632632d663637372d373333642d393735652d393333306638623461333666122430316132323632642d346462362d373363372d613231622d6164653662333433376230391a0e42502d434e2d4d4f4e472d434149220553412d32302a0a323032362d31312d3239320a323032362d31312d33303a0a323032362d31322d3033420e48572d3830392d3031362d393433', 'DONE', 1, '2026-11-29 07:20:33.421578+00', '', '2026-11-29 07:20:33.421578+00', '2026-11-29 07:20:33.549205+00', '', ''),
	(6, 'followup', '01a2262d-40da-7006-b7ca-aa89d6b8f54f', 'homeward.transfer.v1', 1, 3, 'homeward.events.v1.TransferAcknowledged', '01a2262c-f676-7d76-803d-1c8e42142f9d', 4, '2026-11-29 07:20:29.187077+00', 'df1d4b2a-0dc5-49c5-aa71-15fafdcfae84', '\x0a2430316132323632632d663637362d376437362d383033642d316338653432313432663964122430316132323632642d336364322d373461332d613031612d3432396133356430636231341a0e42502d434e2d4d4f4e472d434149220553412d31352a0a323032362d31312d3239', 'DONE', 1, '2026-11-29 07:20:30.201111+00', '', '2026-11-29 07:20:30.201111+00', '2026-11-29 07:20:30.513242+00', '', ''),
	(7, 'followup', '01a2262d-40db-7057-be72-e870c4681b4d', 'homeward.transfer.v1', 1, 4, 'homeward.events.v1.CustodyChanged', '01a2262c-f676-7d76-803d-1c8e42142f9d', 5, '2026-11-29 07:20:29.187077+00', 'df1d4b2a-0dc5-49c5-aa71-15fafdcfae84', '\x0a2430316132323632632d663637362d376437362d383033642d316338653432313432663964120e48572d3631382d3033332d393931180220052a0553412d3135320e42502d434e2d4d4f4e472d4341493802420a323032362d31312d32394a0b08bda4afd8061088a39a59', 'DONE', 1, '2026-11-29 07:20:30.201111+00', '', '2026-11-29 07:20:30.201111+00', '2026-11-29 07:20:30.513302+00', '', ''),
	(12, 'followup', '01a2262d-65e3-799d-bc4e-7f593c5d2d72', 'homeward.transfer.v1', 2, 6, 'homeward.events.v1.TransferPlanned', '01a2262c-f678-7862-8517-7f13aca02b60', 2, '2026-11-29 07:20:38.957083+00', '1afeb303-0ff7-42f7-af63-cb83f8c2beb3', '\x0a2430316132323632632d663637382d373836322d383531372d376631336163613032623630122430316132323632642d363537622d373065382d386261362d6566643438303032663737301a0e42502d434e2d4d4f4e472d434149220553412d32302a0a323032362d31312d3239320a323032362d31312d3330', 'DONE', 1, '2026-11-29 07:20:39.457613+00', '', '2026-11-29 07:20:39.457613+00', '2026-11-29 07:20:39.534465+00', '', ''),
	(13, 'followup', '01a2262d-65e4-7579-811d-3cfa2ae7441f', 'homeward.transfer.v1', 2, 7, 'homeward.events.v1.TransferDispatched', '01a2262c-f678-7862-8517-7f13aca02b60', 3, '2026-11-29 07:20:38.957083+00', '1afeb303-0ff7-42f7-af63-cb83f8c2beb3', '\x0a2430316132323632632d663637382d373836322d383531372d376631336163613032623630122430316132323632642d363537622d373065382d386261362d6566643438303032663737301a0e42502d434e2d4d4f4e472d434149220553412d32302a0a323032362d31312d3239320a323032362d31312d33303a0a323032362d31322d3033420e48572d3230362d3031312d333335', 'DONE', 1, '2026-11-29 07:20:39.457613+00', '', '2026-11-29 07:20:39.457613+00', '2026-11-29 07:20:39.534514+00', '', ''),
	(10, 'followup', '01a2262d-505d-70be-a3eb-bcf4e1eaccc9', 'homeward.transfer.v1', 2, 4, 'homeward.events.v1.TransferAcknowledged', '01a2262c-f677-733d-975e-9330f8b4a36f', 4, '2026-11-29 07:20:33.259323+00', 'd84f4c56-fd70-450b-a3e1-9f946d7098e9', '\x0a2430316132323632632d663637372d373333642d393735652d393333306638623461333666122430316132323632642d346462362d373363372d613231622d6164653662333433376230391a0e42502d434e2d4d4f4e472d434149220553412d32302a0a323032362d31312d3239', 'DONE', 1, '2026-11-29 07:20:34.129365+00', '', '2026-11-29 07:20:34.129365+00', '2026-11-29 07:20:34.338643+00', '', ''),
	(11, 'followup', '01a2262d-505e-7a56-afa9-4c8707130715', 'homeward.transfer.v1', 2, 5, 'homeward.events.v1.CustodyChanged', '01a2262c-f677-733d-975e-9330f8b4a36f', 5, '2026-11-29 07:20:33.259323+00', 'd84f4c56-fd70-450b-a3e1-9f946d7098e9', '\x0a2430316132323632632d663637372d373333642d393735652d393333306638623461333666120e48572d3830392d3031362d393433180220052a0553412d3230320e42502d434e2d4d4f4e472d4341493802420a323032362d31312d32394a0b08c1a4afd80610f8e8d37b', 'DONE', 1, '2026-11-29 07:20:34.129365+00', '', '2026-11-29 07:20:34.129365+00', '2026-11-29 07:20:34.338697+00', '', ''),
	(17, 'followup', '01a2262d-8324-79bd-b225-09f652e8e51f', 'homeward.transfer.v1', 2, 11, 'homeward.events.v1.CustodyChanged', '01a2262c-f677-733d-975e-9330f8b4a36f', 6, '2026-11-29 07:20:46.480819+00', 'fbc043dc-81a3-4451-b5f3-121e441d713f', '\x0a2430316132323632632d663637372d373333642d393735652d393333306638623461333666120e48572d3830392d3031362d393433180220072a0553412d3230320553412d323038064a0c08cea4afd80610b8eea2e501', 'DONE', 1, '2026-11-29 07:20:47.119803+00', '', '2026-11-29 07:20:47.119803+00', '2026-11-29 07:20:47.277296+00', '', ''),
	(16, 'followup', '01a2262d-817b-7d0c-a5a1-ebc82e1bc3b4', 'homeward.transfer.v1', 2, 10, 'homeward.events.v1.CustodyChanged', '01a2262c-f678-7862-8517-7f13aca02b60', 6, '2026-11-29 07:20:46.026811+00', '906321a0-3658-4269-8dc9-3fefcdcc8008', '\x0a2430316132323632632d663637382d373836322d383531372d376631336163613032623630120e48572d3230362d3031312d333335180220072a0553412d3230320553412d323038064a0b08cea4afd80610f8b4e40c', 'DONE', 1, '2026-11-29 07:20:46.469565+00', '', '2026-11-29 07:20:46.469565+00', '2026-11-29 07:20:46.664393+00', '', ''),
	(18, 'followup', '01a2262d-9458-7b19-8775-4b7e3fe464d2', 'homeward.transfer.v1', 2, 12, 'homeward.events.v1.CustodyChanged', '01a2262c-f677-733d-975e-9330f8b4a36f', 7, '2026-11-29 07:20:50.815361+00', 'a6eef0b8-32b6-47ec-a10f-849e43cc72c2', '\x0a2430316132323632632d663637372d373333642d393735652d393333306638623461333666120e48572d3830392d3031362d393433180320062a0553412d3230320553412d323038074a0c08d2a4afd80610e8d7e58403', 'DONE', 1, '2026-11-29 07:20:51.270041+00', '', '2026-11-29 07:20:51.270041+00', '2026-11-29 07:20:51.477571+00', '', ''),
	(23, 'followup', '01a2262d-ba43-7215-8c41-0d49e97aa328', 'homeward.transfer.v1', 3, 1, 'homeward.events.v1.CustodyChanged', '01a2262d-b62c-74cf-8eb1-49e932ed9845', 1, '2026-12-19 07:20:56.000053+00', '0ce4a851-89d3-4f2b-bff2-2f12a29610f9', '\x0a2430316132323632642d623632632d373463662d386562312d343965393332656439383435120e48572d3630332d3030352d363131180120012a0e42502d434e2d4d4f4e472d43414938014a0a08d8e098d90610889e03', 'DONE', 1, '2026-11-29 07:21:01.898594+00', '', '2026-11-29 07:21:01.898594+00', '2026-11-29 07:21:02.084+00', '', ''),
	(61, 'followup', '01a2262e-d15e-7635-8ce8-bd883d7e083e', 'homeward.transfer.v1', 1, 10, 'homeward.events.v1.CustodyChanged', '01a2262e-ceef-7fb6-a991-48a5c14ee58c', 1, '2027-03-09 17:00:02.84486+00', '3c7bbdaf-8899-4d0c-bc2e-a4512c7b20fe', '\x0a2430316132323632652d636565662d376662362d613939312d343861356331346565353863120e48572d3830312d3530322d373533180120012a0e42502d434e2d4d4f4e472d43414938014a0c0892e0c0dc0610e094ee9203', 'DONE', 1, '2026-11-29 07:22:13.508668+00', '', '2026-11-29 07:22:13.508668+00', '2026-11-29 07:22:13.671049+00', '', '');
INSERT INTO public.inbox VALUES
	(62, 'followup', '01a2262e-d36f-7335-a3be-928f8677656f', 'homeward.transfer.v1', 3, 14, 'homeward.events.v1.CustodyChanged', '01a2262e-cef1-7ca1-a44e-aa27465de538', 1, '2027-03-09 17:00:02.84486+00', '3c7bbdaf-8899-4d0c-bc2e-a4512c7b20fe', '\x0a2430316132323632652d636566312d376361312d613434652d616132373436356465353338120e48572d3534342d3134352d323334180120012a0e42502d434e2d4d4f4e472d43414938014a0c0892e0c0dc0610e094ee9203', 'DONE', 1, '2026-11-29 07:22:13.508668+00', '', '2026-11-29 07:22:13.508668+00', '2026-11-29 07:22:13.671114+00', '', ''),
	(24, 'followup', '01a2262d-bc6b-744e-a316-693a1d7a89e3', 'homeward.transfer.v1', 2, 14, 'homeward.events.v1.CustodyChanged', '01a2262d-b62e-751a-8491-94a42cea403c', 1, '2026-12-19 07:20:56.000053+00', '0ce4a851-89d3-4f2b-bff2-2f12a29610f9', '\x0a2430316132323632642d623632652d373531612d383439312d393461343263656134303363120e48572d3730322d3235342d313832180120012a0e42502d434e2d4d4f4e472d43414938014a0a08d8e098d90610889e03', 'DONE', 1, '2026-11-29 07:21:01.948601+00', '', '2026-11-29 07:21:01.948601+00', '2026-11-29 07:21:02.21507+00', '', ''),
	(25, 'followup', '01a2262d-bd20-7fec-891b-78845babf0dc', 'homeward.transfer.v1', 2, 15, 'homeward.events.v1.CustodyChanged', '01a2262d-b62f-74a9-a822-9385630032d7', 1, '2026-12-19 07:20:56.000053+00', '0ce4a851-89d3-4f2b-bff2-2f12a29610f9', '\x0a2430316132323632642d623632662d373461392d613832322d393338353633303033326437120e48572d3430322d3030332d373439180120012a0e42502d434e2d4d4f4e472d43414938014a0a08d8e098d90610889e03', 'DONE', 1, '2026-11-29 07:21:01.948601+00', '', '2026-11-29 07:21:01.948601+00', '2026-11-29 07:21:02.215117+00', '', ''),
	(63, 'followup', '01a2262e-d282-7663-b79b-a51bd29f212e', 'homeward.transfer.v1', 2, 28, 'homeward.events.v1.CustodyChanged', '01a2262e-cef0-735f-94dc-2a88ca742b73', 1, '2027-03-09 17:00:02.84486+00', '3c7bbdaf-8899-4d0c-bc2e-a4512c7b20fe', '\x0a2430316132323632652d636566302d373335662d393464632d326138386361373432623733120e48572d3335352d3233332d333534180120012a0e42502d434e2d4d4f4e472d43414938014a0c0892e0c0dc0610e094ee9203', 'DONE', 1, '2026-11-29 07:22:13.508668+00', '', '2026-11-29 07:22:13.508668+00', '2026-11-29 07:22:13.671121+00', '', ''),
	(64, 'followup', '01a2262e-d448-7ca3-8011-ec1269f9cf38', 'homeward.transfer.v1', 0, 5, 'homeward.events.v1.CustodyChanged', '01a2262e-cef2-7afc-91ea-88af344fea73', 1, '2027-03-09 17:00:02.84486+00', '3c7bbdaf-8899-4d0c-bc2e-a4512c7b20fe', '\x0a2430316132323632652d636566322d376166632d393165612d383861663334346665613733120e48572d3634312d3230322d323039180120012a0e42502d434e2d4d4f4e472d43414938014a0c0892e0c0dc0610e094ee9203', 'DONE', 1, '2026-11-29 07:22:13.508668+00', '', '2026-11-29 07:22:13.508668+00', '2026-11-29 07:22:13.671127+00', '', ''),
	(26, 'followup', '01a2262d-c499-7dd8-ab4f-98e473e0d56d', 'homeward.transfer.v1', 3, 2, 'homeward.events.v1.TransferPlanned', '01a2262d-b62a-7922-9f20-9d111a62cf5c', 2, '2026-12-19 07:20:58.805178+00', 'c34f0345-e37f-4906-acbb-56669047cf2e', '\x0a2430316132323632642d623632612d373932322d396632302d396431313161363263663563122430316132323632642d633430642d373962382d386566372d6634663331316531613637661a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d3230', 'DONE', 1, '2026-11-29 07:21:03.747275+00', '', '2026-11-29 07:21:03.747275+00', '2026-11-29 07:21:03.853971+00', '', ''),
	(27, 'followup', '01a2262d-c49a-773f-a27b-8a322d773b4c', 'homeward.transfer.v1', 3, 3, 'homeward.events.v1.TransferDispatched', '01a2262d-b62a-7922-9f20-9d111a62cf5c', 3, '2026-12-19 07:20:58.805178+00', 'c34f0345-e37f-4906-acbb-56669047cf2e', '\x0a2430316132323632642d623632612d373932322d396632302d396431313161363263663563122430316132323632642d633430642d373962382d386566372d6634663331316531613637661a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d32303a0a323032362d31322d3233420e48572d3430342d3530382d343730', 'DONE', 1, '2026-11-29 07:21:03.747275+00', '', '2026-11-29 07:21:03.747275+00', '2026-11-29 07:21:03.85402+00', '', ''),
	(67, 'followup', '01a2262e-dc6e-7c2f-a9f2-0469c28204b8', 'homeward.transfer.v1', 2, 29, 'homeward.events.v1.TransferPlanned', '01a2262e-cef0-735f-94dc-2a88ca742b73', 2, '2027-03-09 17:00:05.506823+00', '123cbc67-77bf-4244-b523-a15904912d6e', '\x0a2430316132323632652d636566302d373335662d393464632d326138386361373432623733122430316132323632652d646330642d373632352d626666342d6562356436373366623633341a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32322a0a323032372d30332d3130320a323032372d30332d3131', 'DONE', 1, '2026-11-29 07:22:15.34983+00', '', '2026-11-29 07:22:15.34983+00', '2026-11-29 07:22:15.462162+00', '', ''),
	(65, 'followup', '01a2262e-da34-7d19-bf2a-fe8761773f6c', 'homeward.transfer.v1', 1, 11, 'homeward.events.v1.TransferPlanned', '01a2262e-ceef-7fb6-a991-48a5c14ee58c', 2, '2027-03-09 17:00:05.090487+00', '79bf8ef3-ae6a-4f72-8968-da8321f4e6bf', '\x0a2430316132323632652d636565662d376662362d613939312d343861356331346565353863122430316132323632652d643963382d376664352d393735332d3538663739646234643966361a0e42502d434e2d4d4f4e472d434149220553412d31322a0a323032372d30332d3130320a323032372d30332d3131', 'DONE', 1, '2026-11-29 07:22:14.708126+00', '', '2026-11-29 07:22:14.708126+00', '2026-11-29 07:22:14.862113+00', '', ''),
	(66, 'followup', '01a2262e-da35-7c79-b05e-a97afc6c1b7d', 'homeward.transfer.v1', 1, 12, 'homeward.events.v1.TransferDispatched', '01a2262e-ceef-7fb6-a991-48a5c14ee58c', 3, '2027-03-09 17:00:05.090487+00', '79bf8ef3-ae6a-4f72-8968-da8321f4e6bf', '\x0a2430316132323632652d636565662d376662362d613939312d343861356331346565353863122430316132323632652d643963382d376664352d393735332d3538663739646234643966361a0e42502d434e2d4d4f4e472d434149220553412d31322a0a323032372d30332d3130320a323032372d30332d31313a0a323032372d30332d3136420e48572d3830312d3530322d373533', 'DONE', 1, '2026-11-29 07:22:14.708126+00', '', '2026-11-29 07:22:14.708126+00', '2026-11-29 07:22:14.862159+00', '', ''),
	(28, 'followup', '01a2262d-c71c-7d87-9a8f-1c1e6df30ced', 'homeward.transfer.v1', 3, 4, 'homeward.events.v1.TransferAcknowledged', '01a2262d-b62a-7922-9f20-9d111a62cf5c', 4, '2026-12-19 07:20:59.366274+00', '9af22e08-3934-46ad-8848-e30a4b516d6c', '\x0a2430316132323632642d623632612d373932322d396632302d396431313161363263663563122430316132323632642d633430642d373962382d386566372d6634663331316531613637661a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:21:04.329512+00', '', '2026-11-29 07:21:04.329512+00', '2026-11-29 07:21:04.575943+00', '', ''),
	(29, 'followup', '01a2262d-c71d-7783-a9a1-19927741fd33', 'homeward.transfer.v1', 3, 5, 'homeward.events.v1.CustodyChanged', '01a2262d-b62a-7922-9f20-9d111a62cf5c', 5, '2026-12-19 07:20:59.366274+00', '9af22e08-3934-46ad-8848-e30a4b516d6c', '\x0a2430316132323632642d623632612d373932322d396632302d396431313161363263663563120e48572d3430342d3530382d343730180220052a0553412d3034320e42502d434e2d4d4f4e472d4341493802420a323032362d31322d31394a0c08dbe098d90610d0cbd3ae01', 'DONE', 1, '2026-11-29 07:21:04.329512+00', '', '2026-11-29 07:21:04.329512+00', '2026-11-29 07:21:04.575994+00', '', ''),
	(21, 'followup', '01a2262d-b9a9-7425-86ea-3d49d8f60556', 'homeward.transfer.v1', 2, 13, 'homeward.events.v1.CustodyChanged', '01a2262d-b62b-7ff0-bf23-4cf93c87f09f', 1, '2026-12-19 07:20:56.000053+00', '0ce4a851-89d3-4f2b-bff2-2f12a29610f9', '\x0a2430316132323632642d623632622d376666302d626632332d346366393363383766303966120e48572d3932332d3630362d373136180120012a0e42502d434e2d4d4f4e472d43414938014a0a08d8e098d90610889e03', 'DONE', 1, '2026-11-29 07:21:01.898594+00', '', '2026-11-29 07:21:01.898594+00', '2026-11-29 07:21:02.084061+00', '', ''),
	(19, 'followup', '01a2262d-b907-73f1-870f-83cee3cf6a76', 'homeward.transfer.v1', 3, 0, 'homeward.events.v1.CustodyChanged', '01a2262d-b62a-7922-9f20-9d111a62cf5c', 1, '2026-12-19 07:20:56.000053+00', '0ce4a851-89d3-4f2b-bff2-2f12a29610f9', '\x0a2430316132323632642d623632612d373932322d396632302d396431313161363263663563120e48572d3430342d3530382d343730180120012a0e42502d434e2d4d4f4e472d43414938014a0a08d8e098d90610889e03', 'DONE', 1, '2026-11-29 07:21:01.898594+00', '', '2026-11-29 07:21:01.898594+00', '2026-11-29 07:21:02.084068+00', '', ''),
	(22, 'followup', '01a2262d-bd78-7294-95c3-4e6d9350be80', 'homeward.transfer.v1', 0, 0, 'homeward.events.v1.CustodyChanged', '01a2262d-b630-77a2-b158-2f7626083322', 1, '2026-12-19 07:20:56.000053+00', '0ce4a851-89d3-4f2b-bff2-2f12a29610f9', '\x0a2430316132323632642d623633302d373761322d623135382d326637363236303833333232120e48572d3936312d3830332d333037180120012a0e42502d434e2d4d4f4e472d43414938014a0a08d8e098d90610889e03', 'DONE', 1, '2026-11-29 07:21:01.898594+00', '', '2026-11-29 07:21:01.898594+00', '2026-11-29 07:21:02.084073+00', '', ''),
	(20, 'followup', '01a2262d-bafe-781e-acb1-af7cdac34445', 'homeward.transfer.v1', 1, 5, 'homeward.events.v1.CustodyChanged', '01a2262d-b62d-7361-9cd1-125edd96721c', 1, '2026-12-19 07:20:56.000053+00', '0ce4a851-89d3-4f2b-bff2-2f12a29610f9', '\x0a2430316132323632642d623632642d373336312d396364312d313235656464393637323163120e48572d3038382d3239302d353734180120012a0e42502d434e2d4d4f4e472d43414938014a0a08d8e098d90610889e03', 'DONE', 1, '2026-11-29 07:21:01.898594+00', '', '2026-11-29 07:21:01.898594+00', '2026-11-29 07:21:02.084077+00', '', ''),
	(30, 'followup', '01a2262d-dd78-7e14-96eb-8e0a9ca0ce17', 'homeward.transfer.v1', 2, 16, 'homeward.events.v1.TransferPlanned', '01a2262d-b62b-7ff0-bf23-4cf93c87f09f', 2, '2026-12-19 07:21:05.309474+00', '5147fc6c-6f69-405e-9fe4-8568e2f611fd', '\x0a2430316132323632642d623632622d376666302d626632332d346366393363383766303966122430316132323632642d646431642d376633612d383366622d6637616562393364663539651a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d3230', 'DONE', 1, '2026-11-29 07:21:10.008418+00', '', '2026-11-29 07:21:10.008418+00', '2026-11-29 07:21:10.088896+00', '', ''),
	(31, 'followup', '01a2262d-dd79-72da-b067-8591dd012c36', 'homeward.transfer.v1', 2, 17, 'homeward.events.v1.TransferDispatched', '01a2262d-b62b-7ff0-bf23-4cf93c87f09f', 3, '2026-12-19 07:21:05.309474+00', '5147fc6c-6f69-405e-9fe4-8568e2f611fd', '\x0a2430316132323632642d623632622d376666302d626632332d346366393363383766303966122430316132323632642d646431642d376633612d383366622d6637616562393364663539651a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d32303a0a323032362d31322d3233420e48572d3932332d3630362d373136', 'DONE', 1, '2026-11-29 07:21:10.008418+00', '', '2026-11-29 07:21:10.008418+00', '2026-11-29 07:21:10.088949+00', '', ''),
	(32, 'followup', '01a2262d-deb4-7f39-a349-f50211a483c1', 'homeward.transfer.v1', 2, 18, 'homeward.events.v1.TransferAcknowledged', '01a2262d-b62b-7ff0-bf23-4cf93c87f09f', 4, '2026-12-19 07:21:05.634257+00', '0748998e-3a27-4b83-89db-eb79e6fe3825', '\x0a2430316132323632642d623632622d376666302d626632332d346366393363383766303966122430316132323632642d646431642d376633612d383366622d6637616562393364663539651a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:21:10.339799+00', '', '2026-11-29 07:21:10.339799+00', '2026-11-29 07:21:10.566352+00', '', ''),
	(33, 'followup', '01a2262d-deb5-7d3d-88f8-2f9908c49eb9', 'homeward.transfer.v1', 2, 19, 'homeward.events.v1.CustodyChanged', '01a2262d-b62b-7ff0-bf23-4cf93c87f09f', 5, '2026-12-19 07:21:05.634257+00', '0748998e-3a27-4b83-89db-eb79e6fe3825', '\x0a2430316132323632642d623632622d376666302d626632332d346366393363383766303966120e48572d3932332d3630362d373136180220052a0553412d3034320e42502d434e2d4d4f4e472d4341493802420a323032362d31322d31394a0c08e1e098d90610e8fcb7ae02', 'DONE', 1, '2026-11-29 07:21:10.339799+00', '', '2026-11-29 07:21:10.339799+00', '2026-11-29 07:21:10.566391+00', '', '');
INSERT INTO public.inbox VALUES
	(34, 'followup', '01a2262d-f34c-7cf3-9eb9-37285fdbffee', 'homeward.transfer.v1', 3, 6, 'homeward.events.v1.TransferPlanned', '01a2262d-b62c-74cf-8eb1-49e932ed9845', 2, '2026-12-19 07:21:10.919248+00', '50be34db-75b2-4ff3-8960-18de08401645', '\x0a2430316132323632642d623632632d373463662d386562312d343965393332656439383435122430316132323632642d663266652d373833372d393262652d6339653764666361633630371a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d3230', 'DONE', 1, '2026-11-29 07:21:15.634771+00', '', '2026-11-29 07:21:15.634771+00', '2026-11-29 07:21:15.707005+00', '', ''),
	(35, 'followup', '01a2262d-f34d-7c0c-a6dd-4ab3066f0586', 'homeward.transfer.v1', 3, 7, 'homeward.events.v1.TransferDispatched', '01a2262d-b62c-74cf-8eb1-49e932ed9845', 3, '2026-12-19 07:21:10.919248+00', '50be34db-75b2-4ff3-8960-18de08401645', '\x0a2430316132323632642d623632632d373463662d386562312d343965393332656439383435122430316132323632642d663266652d373833372d393262652d6339653764666361633630371a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d32303a0a323032362d31322d3233420e48572d3630332d3030352d363131', 'DONE', 1, '2026-11-29 07:21:15.634771+00', '', '2026-11-29 07:21:15.634771+00', '2026-11-29 07:21:15.707049+00', '', ''),
	(36, 'followup', '01a2262d-f53b-778c-896b-fad6dd9c43d3', 'homeward.transfer.v1', 3, 8, 'homeward.events.v1.TransferAcknowledged', '01a2262d-b62c-74cf-8eb1-49e932ed9845', 4, '2026-12-19 07:21:11.32299+00', 'de36b06e-1dcc-4acb-b2ee-7e27010f6d16', '\x0a2430316132323632642d623632632d373463662d386562312d343965393332656439383435122430316132323632642d663266652d373833372d393262652d6339653764666361633630371a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:21:16.115598+00', '', '2026-11-29 07:21:16.115598+00', '2026-11-29 07:21:16.321926+00', '', ''),
	(37, 'followup', '01a2262d-f53c-735d-adc1-bd1f96eaf614', 'homeward.transfer.v1', 3, 9, 'homeward.events.v1.CustodyChanged', '01a2262d-b62c-74cf-8eb1-49e932ed9845', 5, '2026-12-19 07:21:11.32299+00', 'de36b06e-1dcc-4acb-b2ee-7e27010f6d16', '\x0a2430316132323632642d623632632d373463662d386562312d343965393332656439383435120e48572d3630332d3030352d363131180220052a0553412d3034320e42502d434e2d4d4f4e472d4341493802420a323032362d31322d31394a0c08e7e098d90610b0df819a01', 'DONE', 1, '2026-11-29 07:21:16.115598+00', '', '2026-11-29 07:21:16.115598+00', '2026-11-29 07:21:16.321972+00', '', ''),
	(38, 'followup', '01a2262e-0dbc-7af4-bbb0-caa5e2410889', 'homeward.transfer.v1', 1, 6, 'homeward.events.v1.TransferPlanned', '01a2262d-b62d-7361-9cd1-125edd96721c', 2, '2026-12-19 07:21:17.619383+00', 'aedea5dc-4f1b-4f9e-8200-b828cdceae33', '\x0a2430316132323632642d623632642d373336312d396364312d313235656464393637323163122430316132323632652d306433612d373338612d396132332d3063646461656335646263331a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d3230', 'DONE', 1, '2026-11-29 07:21:22.360923+00', '', '2026-11-29 07:21:22.360923+00', '2026-11-29 07:21:22.424833+00', '', ''),
	(39, 'followup', '01a2262e-0dbd-7138-9086-f0cc4ccdde54', 'homeward.transfer.v1', 1, 7, 'homeward.events.v1.TransferDispatched', '01a2262d-b62d-7361-9cd1-125edd96721c', 3, '2026-12-19 07:21:17.619383+00', 'aedea5dc-4f1b-4f9e-8200-b828cdceae33', '\x0a2430316132323632642d623632642d373336312d396364312d313235656464393637323163122430316132323632652d306433612d373338612d396132332d3063646461656335646263331a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d32303a0a323032362d31322d3233420e48572d3038382d3239302d353734', 'DONE', 1, '2026-11-29 07:21:22.360923+00', '', '2026-11-29 07:21:22.360923+00', '2026-11-29 07:21:22.424876+00', '', ''),
	(40, 'followup', '01a2262e-0ff2-7ed0-a466-e53476bd3dd5', 'homeward.transfer.v1', 1, 8, 'homeward.events.v1.TransferAcknowledged', '01a2262d-b62d-7361-9cd1-125edd96721c', 4, '2026-12-19 07:21:18.08228+00', 'ddf445f7-3fd8-4baf-b7f1-a59346a7c930', '\x0a2430316132323632642d623632642d373336312d396364312d313235656464393637323163122430316132323632652d306433612d373338612d396132332d3063646461656335646263331a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:21:22.924788+00', '', '2026-11-29 07:21:22.924788+00', '2026-11-29 07:21:23.191166+00', '', ''),
	(41, 'followup', '01a2262e-0ff3-7c23-b65a-5655b18d5d52', 'homeward.transfer.v1', 1, 9, 'homeward.events.v1.CustodyChanged', '01a2262d-b62d-7361-9cd1-125edd96721c', 5, '2026-12-19 07:21:18.08228+00', 'ddf445f7-3fd8-4baf-b7f1-a59346a7c930', '\x0a2430316132323632642d623632642d373336312d396364312d313235656464393637323163120e48572d3038382d3239302d353734180220052a0553412d3034320e42502d434e2d4d4f4e472d4341493802420a323032362d31322d31394a0b08eee098d90610c0fc9d27', 'DONE', 1, '2026-11-29 07:21:22.924788+00', '', '2026-11-29 07:21:22.924788+00', '2026-11-29 07:21:23.191216+00', '', ''),
	(42, 'followup', '01a2262e-26df-7362-836a-38024dd27982', 'homeward.transfer.v1', 2, 20, 'homeward.events.v1.TransferPlanned', '01a2262d-b62e-751a-8491-94a42cea403c', 2, '2026-12-19 07:21:24.090697+00', 'da8f9e13-fcb8-4c72-80c8-cffc56f645a7', '\x0a2430316132323632642d623632652d373531612d383439312d393461343263656134303363122430316132323632652d323634662d376432612d383835612d6231333034643061333864371a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d3230', 'DONE', 1, '2026-11-29 07:21:29.156431+00', '', '2026-11-29 07:21:29.156431+00', '2026-11-29 07:21:29.311969+00', '', ''),
	(54, 'followup', '01a2262e-735f-7d08-a5b4-05c27f9c5aac', 'homeward.office.v1', 0, 0, 'homeward.events.v1.OfficeEnded', '6f0c4c5e-0b6b-5d0e-9a34-3f1d6f0e8a11', 1, '2026-12-19 07:21:43.315406+00', '739c6986-8685-4fba-8f7d-e1ed81c74fb4', '\x0a0553412d3338120553412d34301a0a323032362d31322d3138220553412d3430', 'DONE', 1, '2026-11-29 07:21:48.465734+00', '', '2026-11-29 07:21:48.465734+00', '2026-11-29 07:21:48.881774+00', '', ''),
	(55, 'followup', '01a2262e-75b5-7dd2-a3bb-2976d69c9e3d', 'homeward.office.v1', 0, 1, 'homeward.events.v1.RuleChanged', '6f0c4c5e-0b6b-5d0e-9a34-3f1d6f0e8a11', 2, '2026-12-19 07:21:44.357643+00', '0c04dea4-2266-4822-ad76-29e9d52c5cd2', '\x0a0f5345415243485f455343414c41544510021809220d43414c454e4441525f444159532a06504f4c4943593213496e76656e7465642063697263756c617220313a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:21:49.15518+00', '', '2026-11-29 07:21:49.15518+00', '2026-11-29 07:21:49.399915+00', '', ''),
	(43, 'followup', '01a2262e-26e0-773b-9b8a-03702d6cc892', 'homeward.transfer.v1', 2, 21, 'homeward.events.v1.TransferDispatched', '01a2262d-b62e-751a-8491-94a42cea403c', 3, '2026-12-19 07:21:24.090697+00', 'da8f9e13-fcb8-4c72-80c8-cffc56f645a7', '\x0a2430316132323632642d623632652d373531612d383439312d393461343263656134303363122430316132323632652d323634662d376432612d383835612d6231333034643061333864371a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d32303a0a323032362d31322d3233420e48572d3730322d3235342d313832', 'DONE', 1, '2026-11-29 07:21:29.156431+00', '', '2026-11-29 07:21:29.156431+00', '2026-11-29 07:21:29.312023+00', '', ''),
	(68, 'followup', '01a2262e-dc6f-7ca1-a429-d7fb41a05da0', 'homeward.transfer.v1', 2, 30, 'homeward.events.v1.TransferDispatched', '01a2262e-cef0-735f-94dc-2a88ca742b73', 3, '2027-03-09 17:00:05.506823+00', '123cbc67-77bf-4244-b523-a15904912d6e', '\x0a2430316132323632652d636566302d373335662d393464632d326138386361373432623733122430316132323632652d646330642d373632352d626666342d6562356436373366623633341a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32322a0a323032372d30332d3130320a323032372d30332d31313a0a323032372d30332d3136420e48572d3335352d3233332d333534', 'DONE', 1, '2026-11-29 07:22:15.34983+00', '', '2026-11-29 07:22:15.34983+00', '2026-11-29 07:22:15.462205+00', '', ''),
	(44, 'followup', '01a2262e-29ef-7ceb-ac71-9738334dbcd0', 'homeward.transfer.v1', 2, 22, 'homeward.events.v1.TransferAcknowledged', '01a2262d-b62e-751a-8491-94a42cea403c', 4, '2026-12-19 07:21:24.816126+00', 'd810a399-7625-44fc-b193-ea2a6a8e1464', '\x0a2430316132323632642d623632652d373531612d383439312d393461343263656134303363122430316132323632652d323634662d376432612d383835612d6231333034643061333864371a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:21:29.597806+00', '', '2026-11-29 07:21:29.597806+00', '2026-11-29 07:21:29.862818+00', '', ''),
	(45, 'followup', '01a2262e-29f0-7601-8db9-7b40bc2c8dc9', 'homeward.transfer.v1', 2, 23, 'homeward.events.v1.CustodyChanged', '01a2262d-b62e-751a-8491-94a42cea403c', 5, '2026-12-19 07:21:24.816126+00', 'd810a399-7625-44fc-b193-ea2a6a8e1464', '\x0a2430316132323632642d623632652d373531612d383439312d393461343263656134303363120e48572d3730322d3235342d313832180220052a0553412d3034320e42502d434e2d4d4f4e472d4341493802420a323032362d31322d31394a0c08f4e098d90610b0b0948503', 'DONE', 1, '2026-11-29 07:21:29.597806+00', '', '2026-11-29 07:21:29.597806+00', '2026-11-29 07:21:29.862864+00', '', ''),
	(46, 'followup', '01a2262e-40fd-7e73-8bc5-23c397cda857', 'homeward.transfer.v1', 2, 24, 'homeward.events.v1.TransferPlanned', '01a2262d-b62f-74a9-a822-9385630032d7', 2, '2026-12-19 07:21:30.842317+00', 'dbcce12e-ee34-4e88-ab91-7c9d70e124f1', '\x0a2430316132323632642d623632662d373461392d613832322d393338353633303033326437122430316132323632652d343039372d373562332d396564642d3861323366396464333961661a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d3230', 'DONE', 1, '2026-11-29 07:21:35.634382+00', '', '2026-11-29 07:21:35.634382+00', '2026-11-29 07:21:35.84897+00', '', ''),
	(47, 'followup', '01a2262e-40fe-7907-b74a-ed5b11304f22', 'homeward.transfer.v1', 2, 25, 'homeward.events.v1.TransferDispatched', '01a2262d-b62f-74a9-a822-9385630032d7', 3, '2026-12-19 07:21:30.842317+00', 'dbcce12e-ee34-4e88-ab91-7c9d70e124f1', '\x0a2430316132323632642d623632662d373461392d613832322d393338353633303033326437122430316132323632652d343039372d373562332d396564642d3861323366396464333961661a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d32303a0a323032362d31322d3233420e48572d3430322d3030332d373439', 'DONE', 1, '2026-11-29 07:21:35.634382+00', '', '2026-11-29 07:21:35.634382+00', '2026-11-29 07:21:35.849062+00', '', ''),
	(69, 'followup', '01a2262e-dfd9-73b7-9d4d-4756436bb233', 'homeward.transfer.v1', 2, 31, 'homeward.events.v1.TransferAcknowledged', '01a2262e-cef0-735f-94dc-2a88ca742b73', 4, '2027-03-09 17:00:06.106611+00', 'e07cda0d-6631-47b2-ba07-778117146559', '\x0a2430316132323632652d636566302d373335662d393464632d326138386361373432623733122430316132323632652d646330642d373632352d626666342d6562356436373366623633341a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32322a0a323032372d30332d3130', 'DONE', 1, '2026-11-29 07:22:16.368181+00', '', '2026-11-29 07:22:16.368181+00', '2026-11-29 07:22:16.59995+00', '', ''),
	(48, 'followup', '01a2262e-430d-724e-8a90-838a0e7c80cc', 'homeward.transfer.v1', 2, 26, 'homeward.events.v1.TransferAcknowledged', '01a2262d-b62f-74a9-a822-9385630032d7', 4, '2026-12-19 07:21:31.178675+00', '7ca09465-9e77-47e7-a602-4343cfa1d623', '\x0a2430316132323632642d623632662d373461392d613832322d393338353633303033326437122430316132323632652d343039372d373562332d396564642d3861323366396464333961661a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:21:36.043345+00', '', '2026-11-29 07:21:36.043345+00', '2026-11-29 07:21:36.29126+00', '', ''),
	(49, 'followup', '01a2262e-430e-78c5-a9ad-3c5af3de05da', 'homeward.transfer.v1', 2, 27, 'homeward.events.v1.CustodyChanged', '01a2262d-b62f-74a9-a822-9385630032d7', 5, '2026-12-19 07:21:31.178675+00', '7ca09465-9e77-47e7-a602-4343cfa1d623', '\x0a2430316132323632642d623632662d373461392d613832322d393338353633303033326437120e48572d3430322d3030332d373439180220052a0553412d3034320e42502d434e2d4d4f4e472d4341493802420a323032362d31322d31394a0b08fbe098d90610b8ba9955', 'DONE', 1, '2026-11-29 07:21:36.043345+00', '', '2026-11-29 07:21:36.043345+00', '2026-11-29 07:21:36.291317+00', '', '');
INSERT INTO public.inbox VALUES
	(70, 'followup', '01a2262e-dfda-7dd7-abfe-e3a355c624ad', 'homeward.transfer.v1', 2, 32, 'homeward.events.v1.CustodyChanged', '01a2262e-cef0-735f-94dc-2a88ca742b73', 5, '2027-03-09 17:00:06.106611+00', 'e07cda0d-6631-47b2-ba07-778117146559', '\x0a2430316132323632652d636566302d373335662d393464632d326138386361373432623733120e48572d3335352d3233332d333534180220092a0c52432d534f4349414c2d3232320e42502d434e2d4d4f4e472d43414938084a0b0896e0c0dc0610b882eb32', 'DONE', 1, '2026-11-29 07:22:16.368181+00', '', '2026-11-29 07:22:16.368181+00', '2026-11-29 07:22:16.600011+00', '', ''),
	(58, 'followup', '01a2262e-aa70-729a-96f6-a4b1095205bd', 'homeward.transfer.v1', 3, 11, 'homeward.events.v1.TransferPlanned', '01a2262e-a505-759b-9fd9-a67bc3924504', 2, '2027-02-28 17:00:03.269408+00', '279ad504-6dbd-43d4-95d7-87390aaed7a2', '\x0a2430316132323632652d613530352d373539622d396664392d613637626333393234353034122430316132323632652d613966392d373032642d393536382d3230633238653133626130351a0e42502d434e2d4d4f4e472d434149220553412d31342a0a323032372d30332d3031320a323032372d30332d3032', 'DONE', 1, '2026-11-29 07:22:02.521146+00', '', '2026-11-29 07:22:02.521146+00', '2026-11-29 07:22:02.756258+00', '', ''),
	(59, 'followup', '01a2262e-aa71-783e-a415-7e9691e21c67', 'homeward.transfer.v1', 3, 12, 'homeward.events.v1.TransferDispatched', '01a2262e-a505-759b-9fd9-a67bc3924504', 3, '2027-02-28 17:00:03.269408+00', '279ad504-6dbd-43d4-95d7-87390aaed7a2', '\x0a2430316132323632652d613530352d373539622d396664392d613637626333393234353034122430316132323632652d613966392d373032642d393536382d3230633238653133626130351a0e42502d434e2d4d4f4e472d434149220553412d31342a0a323032372d30332d3031320a323032372d30332d30323a0a323032372d30332d3035420e48572d3233382d3030332d303739', 'DONE', 1, '2026-11-29 07:22:02.521146+00', '', '2026-11-29 07:22:02.521146+00', '2026-11-29 07:22:02.756307+00', '', ''),
	(50, 'followup', '01a2262e-5aa8-7f62-8619-8be4dfb4c107', 'homeward.transfer.v1', 0, 1, 'homeward.events.v1.TransferPlanned', '01a2262d-b630-77a2-b158-2f7626083322', 2, '2026-12-19 07:21:37.311794+00', 'e288fb4f-1a6c-403b-85e6-7ae51354dcea', '\x0a2430316132323632642d623633302d373761322d623135382d326637363236303833333232122430316132323632652d356133342d373938372d383435622d6138313330346434626539641a0e42502d434e2d4d4f4e472d434149220553412d33382a0a323032362d31322d3139320a323032362d31322d3230', 'DONE', 1, '2026-11-29 07:21:42.0633+00', '', '2026-11-29 07:21:42.0633+00', '2026-11-29 07:21:42.147441+00', '', ''),
	(51, 'followup', '01a2262e-5aa9-7912-aa0c-bbd554386037', 'homeward.transfer.v1', 0, 2, 'homeward.events.v1.TransferDispatched', '01a2262d-b630-77a2-b158-2f7626083322', 3, '2026-12-19 07:21:37.311794+00', 'e288fb4f-1a6c-403b-85e6-7ae51354dcea', '\x0a2430316132323632642d623633302d373761322d623135382d326637363236303833333232122430316132323632652d356133342d373938372d383435622d6138313330346434626539641a0e42502d434e2d4d4f4e472d434149220553412d33382a0a323032362d31322d3139320a323032362d31322d32303a0a323032362d31322d3233420e48572d3936312d3830332d333037', 'DONE', 1, '2026-11-29 07:21:42.0633+00', '', '2026-11-29 07:21:42.0633+00', '2026-11-29 07:21:42.14749+00', '', ''),
	(60, 'followup', '01a2262e-b59b-73a4-9177-7bb46a7291ca', 'homeward.transfer.v1', 3, 13, 'homeward.events.v1.TransferOverdue', '01a2262e-a505-759b-9fd9-a67bc3924504', 4, '2027-03-05 17:00:01.066684+00', '01a2262e-b45b-7654-a7f7-e41f39d386ce', '\x0a2430316132323632652d613530352d373539622d396664392d613637626333393234353034122430316132323632652d613966392d373032642d393536382d3230633238653133626130351a0e42502d434e2d4d4f4e472d434149220553412d31342a145452414e534645525f41434b4e4f574c45444745320a323032372d30332d3035', 'DONE', 1, '2026-11-29 07:22:05.392533+00', '', '2026-11-29 07:22:05.392533+00', '2026-11-29 07:22:05.532112+00', '', ''),
	(71, 'followup', '01a2262e-dfdb-7c01-bf00-00f0abef46ae', 'homeward.transfer.v1', 2, 33, 'homeward.events.v1.PersonAdmitted', '01a2262e-cef0-735f-94dc-2a88ca742b73', 6, '2027-03-09 17:00:06.106611+00', 'e07cda0d-6631-47b2-ba07-778117146559', '\x0a2430316132323632652d636566302d373335662d393464632d326138386361373432623733120c52432d534f4349414c2d32321a0a323032372d30332d3130220a323032372d30352d3039', 'DONE', 1, '2026-11-29 07:22:16.368181+00', '', '2026-11-29 07:22:16.368181+00', '2026-11-29 07:22:16.600021+00', '', ''),
	(52, 'followup', '01a2262e-5c88-7520-a4bc-651b98322953', 'homeward.transfer.v1', 0, 3, 'homeward.events.v1.TransferAcknowledged', '01a2262d-b630-77a2-b158-2f7626083322', 4, '2026-12-19 07:21:37.752207+00', 'f65de072-16c3-4449-9710-623afa8a0aac', '\x0a2430316132323632642d623633302d373761322d623135382d326637363236303833333232122430316132323632652d356133342d373938372d383435622d6138313330346434626539641a0e42502d434e2d4d4f4e472d434149220553412d33382a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:21:42.491317+00', '', '2026-11-29 07:21:42.491317+00', '2026-11-29 07:21:42.664537+00', '', ''),
	(53, 'followup', '01a2262e-5c89-7c59-a80b-603b4fca7cfa', 'homeward.transfer.v1', 0, 4, 'homeward.events.v1.CustodyChanged', '01a2262d-b630-77a2-b158-2f7626083322', 5, '2026-12-19 07:21:37.752207+00', 'f65de072-16c3-4449-9710-623afa8a0aac', '\x0a2430316132323632642d623633302d373761322d623135382d326637363236303833333232120e48572d3936312d3830332d333037180220052a0553412d3338320e42502d434e2d4d4f4e472d4341493802420a323032362d31322d31394a0c0881e198d906109889d7e602', 'DONE', 1, '2026-11-29 07:21:42.491317+00', '', '2026-11-29 07:21:42.491317+00', '2026-11-29 07:21:42.664582+00', '', ''),
	(72, 'followup', '01a2262e-ec82-7d77-a2d4-20fee9e0d4c7', 'homeward.transfer.v1', 0, 6, 'homeward.events.v1.TransferPlanned', '01a2262e-cef2-7afc-91ea-88af344fea73', 2, '2027-03-09 17:00:09.665477+00', '59f5cac5-1860-437e-b466-a8b749a18e7c', '\x0a2430316132323632652d636566322d376166632d393165612d383861663334346665613733122430316132323632652d656263612d373137612d393965392d3637313031353038333565341a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32322a0a323032372d30332d3130320a323032372d30332d3131', 'DONE', 1, '2026-11-29 07:22:19.53282+00', '', '2026-11-29 07:22:19.53282+00', '2026-11-29 07:22:19.659595+00', '', ''),
	(56, 'followup', '01a2262e-79c6-7f68-a499-2fb3cf5ba250', 'homeward.office.v1', 0, 2, 'homeward.events.v1.CalendarChanged', '6f0c4c5e-0b6b-5d0e-9a34-3f1d6f0e8a11', 3, '2026-12-19 07:21:45.178671+00', 'db9aa74b-7029-4787-96ac-cf8fe564c99c', '\x0801120c0a0a323032372d30372d3037', 'DONE', 1, '2026-11-29 07:21:50.1066+00', '', '2026-11-29 07:21:50.1066+00', '2026-11-29 07:21:50.543097+00', '', ''),
	(73, 'followup', '01a2262e-ec83-7057-ba89-514eced053ab', 'homeward.transfer.v1', 0, 7, 'homeward.events.v1.TransferDispatched', '01a2262e-cef2-7afc-91ea-88af344fea73', 3, '2027-03-09 17:00:09.665477+00', '59f5cac5-1860-437e-b466-a8b749a18e7c', '\x0a2430316132323632652d636566322d376166632d393165612d383861663334346665613733122430316132323632652d656263612d373137612d393965392d3637313031353038333565341a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32322a0a323032372d30332d3130320a323032372d30332d31313a0a323032372d30332d3136420e48572d3634312d3230322d323039', 'DONE', 1, '2026-11-29 07:22:19.53282+00', '', '2026-11-29 07:22:19.53282+00', '2026-11-29 07:22:19.659636+00', '', ''),
	(57, 'followup', '01a2262e-a7c4-7c83-9df1-079a4afeb643', 'homeward.transfer.v1', 3, 10, 'homeward.events.v1.CustodyChanged', '01a2262e-a505-759b-9fd9-a67bc3924504', 1, '2027-02-28 17:00:02.454163+00', '76d79851-ab53-4554-9dc4-d13d0c256ecd', '\x0a2430316132323632652d613530352d373539622d396664392d613637626333393234353034120e48572d3233382d3030332d303739180120012a0e42502d434e2d4d4f4e472d43414938014a0c0892a591dc0610b8f4c7d801', 'DONE', 1, '2026-11-29 07:22:01.890861+00', '', '2026-11-29 07:22:01.890861+00', '2026-11-29 07:22:01.981992+00', '', ''),
	(77, 'followup', '01a2262e-faa3-7f55-b919-61c830880824', 'homeward.transfer.v1', 3, 15, 'homeward.events.v1.TransferPlanned', '01a2262e-cef1-7ca1-a44e-aa27465de538', 2, '2027-03-09 17:00:13.342562+00', '515a6298-3377-4b1f-b388-c6ed7affacac', '\x0a2430316132323632652d636566312d376361312d613434652d616132373436356465353338122430316132323632652d666130642d376663332d623233372d3231343030306639386363301a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32302a0a323032372d30332d3130320a323032372d30332d3131', 'DONE', 1, '2026-11-29 07:22:22.918771+00', '', '2026-11-29 07:22:22.918771+00', '2026-11-29 07:22:23.028013+00', '', ''),
	(78, 'followup', '01a2262e-faa4-734d-a04a-351d71d2beae', 'homeward.transfer.v1', 3, 16, 'homeward.events.v1.TransferDispatched', '01a2262e-cef1-7ca1-a44e-aa27465de538', 3, '2027-03-09 17:00:13.342562+00', '515a6298-3377-4b1f-b388-c6ed7affacac', '\x0a2430316132323632652d636566312d376361312d613434652d616132373436356465353338122430316132323632652d666130642d376663332d623233372d3231343030306639386363301a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32302a0a323032372d30332d3130320a323032372d30332d31313a0a323032372d30332d3136420e48572d3534342d3134352d323334', 'DONE', 1, '2026-11-29 07:22:22.918771+00', '', '2026-11-29 07:22:22.918771+00', '2026-11-29 07:22:23.028052+00', '', ''),
	(74, 'followup', '01a2262e-ef4c-7a07-a39b-8c91e5e185b3', 'homeward.transfer.v1', 0, 8, 'homeward.events.v1.TransferAcknowledged', '01a2262e-cef2-7afc-91ea-88af344fea73', 4, '2027-03-09 17:00:10.197379+00', 'd4170e22-5703-45ef-9711-48314dfd9b66', '\x0a2430316132323632652d636566322d376166632d393165612d383861663334346665613733122430316132323632652d656263612d373137612d393965392d3637313031353038333565341a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32322a0a323032372d30332d3130', 'DONE', 1, '2026-11-29 07:22:20.284715+00', '', '2026-11-29 07:22:20.284715+00', '2026-11-29 07:22:20.398139+00', '', ''),
	(75, 'followup', '01a2262e-ef4d-7529-ab35-acb870f38b27', 'homeward.transfer.v1', 0, 9, 'homeward.events.v1.CustodyChanged', '01a2262e-cef2-7afc-91ea-88af344fea73', 5, '2027-03-09 17:00:10.197379+00', 'd4170e22-5703-45ef-9711-48314dfd9b66', '\x0a2430316132323632652d636566322d376166632d393165612d383861663334346665613733120e48572d3634312d3230322d323039180220092a0c52432d534f4349414c2d3232320e42502d434e2d4d4f4e472d43414938084a0b089ae0c0dc0610b8878f5e', 'DONE', 1, '2026-11-29 07:22:20.284715+00', '', '2026-11-29 07:22:20.284715+00', '2026-11-29 07:22:20.398193+00', '', ''),
	(76, 'followup', '01a2262e-ef4e-708a-9ef9-90cd9f10d743', 'homeward.transfer.v1', 0, 10, 'homeward.events.v1.PersonAdmitted', '01a2262e-cef2-7afc-91ea-88af344fea73', 6, '2027-03-09 17:00:10.197379+00', 'd4170e22-5703-45ef-9711-48314dfd9b66', '\x0a2430316132323632652d636566322d376166632d393165612d383861663334346665613733120c52432d534f4349414c2d32321a0a323032372d30332d3130220a323032372d30352d3039', 'DONE', 1, '2026-11-29 07:22:20.284715+00', '', '2026-11-29 07:22:20.284715+00', '2026-11-29 07:22:20.398203+00', '', ''),
	(79, 'followup', '01a2262e-fd19-72db-b685-881bff7e4e28', 'homeward.transfer.v1', 3, 17, 'homeward.events.v1.TransferAcknowledged', '01a2262e-cef1-7ca1-a44e-aa27465de538', 4, '2027-03-09 17:00:13.742344+00', '64376ac5-a5b7-4f9a-b9ba-0117c11352df', '\x0a2430316132323632652d636566312d376361312d613434652d616132373436356465353338122430316132323632652d666130642d376663332d623233372d3231343030306639386363301a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32302a0a323032372d30332d3130', 'DONE', 1, '2026-11-29 07:22:23.863274+00', '', '2026-11-29 07:22:23.863274+00', '2026-11-29 07:22:23.981237+00', '', ''),
	(80, 'followup', '01a2262e-fd1a-7b37-8736-08c41ca21798', 'homeward.transfer.v1', 3, 18, 'homeward.events.v1.CustodyChanged', '01a2262e-cef1-7ca1-a44e-aa27465de538', 5, '2027-03-09 17:00:13.742344+00', '64376ac5-a5b7-4f9a-b9ba-0117c11352df', '\x0a2430316132323632652d636566312d376361312d613434652d616132373436356465353338120e48572d3534342d3134352d323334180220092a0c52432d534f4349414c2d3230320e42502d434e2d4d4f4e472d43414938084a0c089de0c0dc0610c08afde102', 'DONE', 1, '2026-11-29 07:22:23.863274+00', '', '2026-11-29 07:22:23.863274+00', '2026-11-29 07:22:23.981294+00', '', '');
INSERT INTO public.inbox VALUES
	(83, 'followup', '01a2262f-230c-7697-b558-97a06349f2a8', 'homeward.transfer.v1', 1, 13, 'homeward.events.v1.TransferOverdue', '01a2262e-ceef-7fb6-a991-48a5c14ee58c', 4, '2027-03-16 17:00:01.05117+00', '01a2262f-2240-74be-8032-71e39b21630e', '\x0a2430316132323632652d636565662d376662362d613939312d343861356331346565353863122430316132323632652d643963382d376664352d393735332d3538663739646234643966361a0e42502d434e2d4d4f4e472d434149220553412d31322a145452414e534645525f41434b4e4f574c45444745320a323032372d30332d3136', 'DONE', 1, '2026-11-29 07:22:33.481249+00', '', '2026-11-29 07:22:33.481249+00', '2026-11-29 07:22:33.558599+00', '', ''),
	(81, 'followup', '01a2262e-fd1b-7b1e-bed4-39ffc87c437a', 'homeward.transfer.v1', 3, 19, 'homeward.events.v1.PersonAdmitted', '01a2262e-cef1-7ca1-a44e-aa27465de538', 6, '2027-03-09 17:00:13.742344+00', '64376ac5-a5b7-4f9a-b9ba-0117c11352df', '\x0a2430316132323632652d636566312d376361312d613434652d616132373436356465353338120c52432d534f4349414c2d32301a0a323032372d30332d3130220a323032372d30352d3039', 'DONE', 1, '2026-11-29 07:22:23.863274+00', '', '2026-11-29 07:22:23.863274+00', '2026-11-29 07:22:23.981304+00', '', ''),
	(82, 'followup', '01a2262f-0fc3-745f-a1d7-1b22181eb6bb', 'homeward.transfer.v1', 3, 20, 'homeward.events.v1.PersonLost', '01a2262e-a505-759b-9fd9-a67bc3924504', 5, '2027-03-12 17:00:01.06078+00', '01a2262f-0ec6-7489-8a3c-721e5716c725', '\x0a2430316132323632652d613530352d373539622d396664392d613637626333393234353034122430316132323632662d306633372d373464612d623638382d3461383765666561663561351801220e42502d434e2d4d4f4e472d4341492a0553412d3134', 'DONE', 1, '2026-11-29 07:22:28.443482+00', '', '2026-11-29 07:22:28.443482+00', '2026-11-29 07:22:28.568522+00', '', ''),
	(84, 'followup', '01a2262f-37a0-7354-adf7-9dd5ba8d64bc', 'homeward.transfer.v1', 3, 21, 'homeward.events.v1.CustodyChanged', '01a2262e-cef1-7ca1-a44e-aa27465de538', 7, '2027-03-17 17:00:01.770512+00', '6d4cdf7e-778c-4aee-afd1-21eb5234c37d', '\x0a2430316132323632652d636566312d376361312d613434652d616132373436356465353338120e48572d3534342d3134352d323334180320042a0553562d3230320c52432d534f4349414c2d323038094a0c0891f8eadc061080a9b4ef02', 'DONE', 1, '2026-11-29 07:22:38.544937+00', '', '2026-11-29 07:22:38.544937+00', '2026-11-29 07:22:38.790427+00', '', ''),
	(85, 'followup', '01a2262f-37d8-7889-89e5-a438be1422ea', 'homeward.office.v1', 0, 3, 'homeward.events.v1.OfficeEnded', '6f0c4c5e-0b6b-5d0e-9a34-3f1d6f0e8a11', 4, '2027-03-17 17:00:01.770512+00', '6d4cdf7e-778c-4aee-afd1-21eb5234c37d', '\x0a0c52432d534f4349414c2d32301a0a323032372d30332d3137220553562d3230', 'DONE', 1, '2026-11-29 07:22:38.544937+00', '', '2026-11-29 07:22:38.544937+00', '2026-11-29 07:22:38.790471+00', '', ''),
	(86, 'followup', '01a2262f-37a1-75d3-89ce-bddec1e8b025', 'homeward.transfer.v1', 3, 22, 'homeward.events.v1.PersonLost', '01a2262e-cef1-7ca1-a44e-aa27465de538', 8, '2027-03-17 17:00:01.770512+00', '6d4cdf7e-778c-4aee-afd1-21eb5234c37d', '\x0a2430316132323632652d636566312d376361312d613434652d616132373436356465353338122430316132323632662d333736622d376336362d616266352d3831613534613136376462611808220553562d3230', 'DONE', 1, '2026-11-29 07:22:38.544937+00', '', '2026-11-29 07:22:38.544937+00', '2026-11-29 07:22:38.790479+00', '', ''),
	(87, 'followup', '01a2262f-4034-7989-a75d-82a1301ac19e', 'homeward.transfer.v1', 0, 11, 'homeward.events.v1.TransferPlanned', '01a2262e-cef2-7afc-91ea-88af344fea73', 7, '2027-03-17 17:00:04.119527+00', 'f576750e-77dc-41e3-bf65-61aab4e323dc', '\x0a2430316132323632652d636566322d376166632d393165612d383861663334346665613733122430316132323632662d336666652d373132312d383636632d3532363966613335313862381a0c52432d534f4349414c2d3232220553412d30342a0a323032372d30332d3139320a323032372d30332d3230', 'DONE', 1, '2026-11-29 07:22:40.740439+00', '', '2026-11-29 07:22:40.740439+00', '2026-11-29 07:22:40.843014+00', '', ''),
	(95, 'followup', '01a2262f-4be2-72e5-a48c-1abff23e8f32', 'homeward.transfer.v1', 3, 27, 'homeward.events.v1.TransferPlanned', '01a2262f-4315-7bc4-9068-a6753975e0fc', 2, '2027-03-17 17:00:07.035792+00', '33361ec9-ea4b-4d3f-a7f8-83c190f8f767', '\x0a2430316132323632662d343331352d376263342d393036382d613637353339373565306663122430316132323632662d346237342d376361662d393063622d6430646461343537643162321a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032372d30332d3138320a323032372d30332d3139', 'DONE', 1, '2026-11-29 07:22:43.750588+00', '', '2026-11-29 07:22:43.750588+00', '2026-11-29 07:22:43.853624+00', '', ''),
	(88, 'followup', '01a2262f-423b-75c9-96f8-a7b02d12143d', 'homeward.transfer.v1', 0, 12, 'homeward.events.v1.PersonDischarged', '01a2262e-cef2-7afc-91ea-88af344fea73', 8, '2027-03-17 17:00:04.414614+00', 'fc7a47d3-0114-4367-9663-ae2822d96299', '\x0a2430316132323632652d636566322d376166632d393165612d383861663334346665613733120c52432d534f4349414c2d32321801220553412d30342a0a323032372d30332d3138320a323032372d30332d3232', 'DONE', 1, '2026-11-29 07:22:41.494206+00', '', '2026-11-29 07:22:41.494206+00', '2026-11-29 07:22:41.597645+00', '', ''),
	(89, 'followup', '01a2262f-45cd-776b-91fb-96a3129f7136', 'homeward.transfer.v1', 3, 23, 'homeward.events.v1.CustodyChanged', '01a2262f-4314-7c0a-bcc0-ced82536aadc', 1, '2027-03-17 17:00:05.431738+00', '967bc51d-d08a-4b0e-9b10-e1f43bb8c1ba', '\x0a2430316132323632662d343331342d376330612d626363302d636564383235333661616463120e48572d3632342d3539302d313731180120012a0e42502d434e2d4d4f4e472d43414938014a0c0895f8eadc06109099efcd01', 'DONE', 1, '2026-11-29 07:22:42.47535+00', '', '2026-11-29 07:22:42.47535+00', '2026-11-29 07:22:42.630327+00', '', ''),
	(90, 'followup', '01a2262f-4557-725f-8e95-f412de07fcec', 'homeward.transfer.v1', 2, 34, 'homeward.events.v1.CustodyChanged', '01a2262f-4313-71db-a991-8ef6c950d468', 1, '2027-03-17 17:00:05.431738+00', '967bc51d-d08a-4b0e-9b10-e1f43bb8c1ba', '\x0a2430316132323632662d343331332d373164622d613939312d386566366339353064343638120e48572d3335312d3132372d303933180120012a0e42502d434e2d4d4f4e472d43414938014a0c0895f8eadc06109099efcd01', 'DONE', 1, '2026-11-29 07:22:42.47535+00', '', '2026-11-29 07:22:42.47535+00', '2026-11-29 07:22:42.630375+00', '', ''),
	(91, 'followup', '01a2262f-46bc-7663-a83c-1d23629fa33f', 'homeward.transfer.v1', 1, 14, 'homeward.events.v1.CustodyChanged', '01a2262f-4316-7402-bce6-0e78c544c23b', 1, '2027-03-17 17:00:05.431738+00', '967bc51d-d08a-4b0e-9b10-e1f43bb8c1ba', '\x0a2430316132323632662d343331362d373430322d626365362d306537386335343463323362120e48572d3435332d3538302d363938180120012a0e42502d434e2d4d4f4e472d43414938014a0c0895f8eadc06109099efcd01', 'DONE', 1, '2026-11-29 07:22:42.47535+00', '', '2026-11-29 07:22:42.47535+00', '2026-11-29 07:22:42.630383+00', '', ''),
	(92, 'followup', '01a2262f-465e-7b95-ac08-fcc17f4aeb19', 'homeward.transfer.v1', 3, 24, 'homeward.events.v1.CustodyChanged', '01a2262f-4315-7bc4-9068-a6753975e0fc', 1, '2027-03-17 17:00:05.431738+00', '967bc51d-d08a-4b0e-9b10-e1f43bb8c1ba', '\x0a2430316132323632662d343331352d376263342d393036382d613637353339373565306663120e48572d3230312d3030312d383731180120012a0e42502d434e2d4d4f4e472d43414938014a0c0895f8eadc06109099efcd01', 'DONE', 1, '2026-11-29 07:22:42.47535+00', '', '2026-11-29 07:22:42.47535+00', '2026-11-29 07:22:42.630388+00', '', ''),
	(93, 'followup', '01a2262f-4abc-786e-9026-9c58fabca2b8', 'homeward.transfer.v1', 3, 25, 'homeward.events.v1.TransferPlanned', '01a2262f-4314-7c0a-bcc0-ced82536aadc', 2, '2027-03-17 17:00:06.766962+00', '15d073a8-f9e9-4821-94c6-18dcedffbdb8', '\x0a2430316132323632662d343331342d376330612d626363302d636564383235333661616463122430316132323632662d346135302d373564642d393233332d6634613965303337656633661a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032372d30332d3138320a323032372d30332d3139', 'DONE', 1, '2026-11-29 07:22:43.498508+00', '', '2026-11-29 07:22:43.498508+00', '2026-11-29 07:22:43.574023+00', '', ''),
	(94, 'followup', '01a2262f-4abd-715f-8c85-51dfbbacc53b', 'homeward.transfer.v1', 3, 26, 'homeward.events.v1.TransferDispatched', '01a2262f-4314-7c0a-bcc0-ced82536aadc', 3, '2027-03-17 17:00:06.766962+00', '15d073a8-f9e9-4821-94c6-18dcedffbdb8', '\x0a2430316132323632662d343331342d376330612d626363302d636564383235333661616463122430316132323632662d346135302d373564642d393233332d6634613965303337656633661a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032372d30332d3138320a323032372d30332d31393a0a323032372d30332d3234420e48572d3632342d3539302d313731', 'DONE', 1, '2026-11-29 07:22:43.498508+00', '', '2026-11-29 07:22:43.498508+00', '2026-11-29 07:22:43.574069+00', '', ''),
	(96, 'followup', '01a2262f-4be3-7215-bcec-6d726fde62b7', 'homeward.transfer.v1', 3, 28, 'homeward.events.v1.TransferDispatched', '01a2262f-4315-7bc4-9068-a6753975e0fc', 3, '2027-03-17 17:00:07.035792+00', '33361ec9-ea4b-4d3f-a7f8-83c190f8f767', '\x0a2430316132323632662d343331352d376263342d393036382d613637353339373565306663122430316132323632662d346237342d376361662d393063622d6430646461343537643162321a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032372d30332d3138320a323032372d30332d31393a0a323032372d30332d3234420e48572d3230312d3030312d383731', 'DONE', 1, '2026-11-29 07:22:43.750588+00', '', '2026-11-29 07:22:43.750588+00', '2026-11-29 07:22:43.853666+00', '', ''),
	(97, 'followup', '01a2262f-4d5e-7dd5-b124-7998bbdfb8e2', 'homeward.transfer.v1', 1, 15, 'homeward.events.v1.TransferPlanned', '01a2262f-4316-7402-bce6-0e78c544c23b', 2, '2027-03-17 17:00:07.358595+00', 'a7a7eae5-b23b-4f78-afe0-6a9de73e4655', '\x0a2430316132323632662d343331362d373430322d626365362d306537386335343463323362122430316132323632662d346430382d373564362d383538382d6566616137373731353033641a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032372d30332d3138320a323032372d30332d3139', 'DONE', 1, '2026-11-29 07:22:44.375739+00', '', '2026-11-29 07:22:44.375739+00', '2026-11-29 07:22:44.450538+00', '', ''),
	(98, 'followup', '01a2262f-4d5f-76d8-9abe-ec2a21fc9438', 'homeward.transfer.v1', 1, 16, 'homeward.events.v1.TransferDispatched', '01a2262f-4316-7402-bce6-0e78c544c23b', 3, '2027-03-17 17:00:07.358595+00', 'a7a7eae5-b23b-4f78-afe0-6a9de73e4655', '\x0a2430316132323632662d343331362d373430322d626365362d306537386335343463323362122430316132323632662d346430382d373564362d383538382d6566616137373731353033641a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032372d30332d3138320a323032372d30332d31393a0a323032372d30332d3234420e48572d3435332d3538302d363938', 'DONE', 1, '2026-11-29 07:22:44.375739+00', '', '2026-11-29 07:22:44.375739+00', '2026-11-29 07:22:44.450579+00', '', ''),
	(99, 'followup', '01a2262f-4fcb-7d30-9c83-76858714efe3', 'homeward.transfer.v1', 3, 29, 'homeward.events.v1.TransferRejected', '01a2262f-4315-7bc4-9068-a6753975e0fc', 4, '2027-03-17 17:00:07.957993+00', '499a9f98-c528-43d2-882c-5ea76264660a', '\x0a2430316132323632662d343331352d376263342d393036382d613637353339373565306663122430316132323632662d346237342d376361662d393063622d6430646461343537643162321a0e42502d434e2d4d4f4e472d434149220553412d30342801320a323032372d30332d3232', 'DONE', 1, '2026-11-29 07:22:45.008703+00', '', '2026-11-29 07:22:45.008703+00', '2026-11-29 07:22:45.142299+00', '', ''),
	(100, 'followup', '01a2262f-6178-71b9-907e-2c4c76718898', 'homeward.transfer.v1', 2, 35, 'homeward.events.v1.CustodyChanged', '01a2262d-b62f-74a9-a822-9385630032d7', 6, '2027-03-17 17:00:12.539071+00', '1d1cefa0-3a3d-4fb1-9a5a-9b41e54fd2f6', '\x0a2430316132323632642d623632662d373461392d613832322d393338353633303033326437120e48572d3430322d3030332d373439180220072a0553412d3034320553412d303438064a0c089cf8eadc061098a4868102', 'PENDING', 1, '2026-11-29 07:22:49.525269+00', '', '2026-11-29 07:22:49.525269+00', NULL, '', '');
INSERT INTO public.inbox_position VALUES
	('followup', 'homeward.transfer.v1', '01a2262c-f676-7d76-803d-1c8e42142f9d', 5),
	('followup', 'homeward.transfer.v1', '01a2262e-cef0-735f-94dc-2a88ca742b73', 6),
	('followup', 'homeward.transfer.v1', '01a2262c-f678-7862-8517-7f13aca02b60', 6),
	('followup', 'homeward.transfer.v1', '01a2262c-f677-733d-975e-9330f8b4a36f', 7),
	('followup', 'homeward.transfer.v1', '01a2262e-a505-759b-9fd9-a67bc3924504', 5),
	('followup', 'homeward.transfer.v1', '01a2262e-ceef-7fb6-a991-48a5c14ee58c', 4),
	('followup', 'homeward.transfer.v1', '01a2262d-b62a-7922-9f20-9d111a62cf5c', 5),
	('followup', 'homeward.office.v1', '6f0c4c5e-0b6b-5d0e-9a34-3f1d6f0e8a11', 4),
	('followup', 'homeward.transfer.v1', '01a2262e-cef1-7ca1-a44e-aa27465de538', 8),
	('followup', 'homeward.transfer.v1', '01a2262d-b62b-7ff0-bf23-4cf93c87f09f', 5),
	('followup', 'homeward.transfer.v1', '01a2262e-cef2-7afc-91ea-88af344fea73', 8),
	('followup', 'homeward.transfer.v1', '01a2262d-b62c-74cf-8eb1-49e932ed9845', 5),
	('followup', 'homeward.transfer.v1', '01a2262d-b62d-7361-9cd1-125edd96721c', 5),
	('followup', 'homeward.transfer.v1', '01a2262f-4313-71db-a991-8ef6c950d468', 1),
	('followup', 'homeward.transfer.v1', '01a2262d-b62e-751a-8491-94a42cea403c', 5),
	('followup', 'homeward.transfer.v1', '01a2262d-b62f-74a9-a822-9385630032d7', 5),
	('followup', 'homeward.transfer.v1', '01a2262f-4314-7c0a-bcc0-ced82536aadc', 3),
	('followup', 'homeward.transfer.v1', '01a2262d-b630-77a2-b158-2f7626083322', 5),
	('followup', 'homeward.transfer.v1', '01a2262f-4316-7402-bce6-0e78c544c23b', 3),
	('followup', 'homeward.transfer.v1', '01a2262f-4315-7bc4-9068-a6753975e0fc', 4);
INSERT INTO public.obligation VALUES
	('01a2262d-43d3-7619-ab85-336ab9fd6a99', '01a2262c-f676-7d76-803d-1c8e42142f9d', '01a2262d-4375-7b73-a838-7031d4f11135', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-11-29', '2029-11-28 17:00:00+00', 'ARMED', 0, '2026-11-29', NULL, false),
	('01a2262d-5300-7510-9827-fbdd7cc6f4d9', '01a2262c-f677-733d-975e-9330f8b4a36f', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-06', '2026-12-06 17:00:00+00', 'DISARMED', 0, '2026-11-29', NULL, false),
	('01a2262d-69d3-7e4e-ab77-efe3e26bb382', '01a2262c-f678-7862-8517-7f13aca02b60', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-06', '2026-12-06 17:00:00+00', 'DISARMED', 0, '2026-11-29', NULL, false),
	('01a2262d-69d1-7353-8ce3-720ae76e3f2d', '01a2262c-f678-7862-8517-7f13aca02b60', '01a2262d-69b0-7915-b9ad-e8794fe55e66', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-02-28', '2027-02-27 17:00:00+00', 'DISARMED', 0, '2026-11-29', NULL, false),
	('01a2262d-69d2-712c-bb16-070a26a86a57', '01a2262c-f678-7862-8517-7f13aca02b60', '01a2262d-69b1-7751-9405-2b62dd01cff3', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-11-29', '2029-11-28 17:00:00+00', 'DISARMED', 0, '2026-11-29', NULL, false),
	('01a2262d-52fe-7cc6-9139-04b936e32651', '01a2262c-f677-733d-975e-9330f8b4a36f', '01a2262d-52dc-74c3-a620-6e18c5b24450', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-02-28', '2027-02-27 17:00:00+00', 'DISARMED', 0, '2026-11-29', NULL, false),
	('01a2262d-52ff-7e73-bd58-8ad92fdc4937', '01a2262c-f677-733d-975e-9330f8b4a36f', '01a2262d-52dd-74fe-8977-ec1b6d0af8ba', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-11-29', '2029-11-28 17:00:00+00', 'DISARMED', 0, '2026-11-29', NULL, false),
	('01a2262d-43d4-7a80-acf2-b7134190b607', '01a2262c-f676-7d76-803d-1c8e42142f9d', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-06', '2026-12-06 17:00:00+00', 'FIRED', 0, '2026-11-29', '2026-12-06 17:00:01.068117+00', false),
	('01a2262d-c920-755d-ad2f-472417d4d9c5', '01a2262d-b62a-7922-9f20-9d111a62cf5c', '01a2262d-c8db-7dc4-96f3-d53709f4571b', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-03-19', '2027-03-18 17:00:00+00', 'ARMED', 0, '2026-12-19', NULL, false),
	('01a2262d-c921-7440-8ab1-89766cd44fd5', '01a2262d-b62a-7922-9f20-9d111a62cf5c', '01a2262d-c8dc-7dc4-bbf0-50ab9b81fa34', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-12-19', '2029-12-18 17:00:00+00', 'ARMED', 0, '2026-12-19', NULL, false),
	('01a2262d-c922-787a-9ffa-498cef1c0c4a', '01a2262d-b62a-7922-9f20-9d111a62cf5c', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-26', '2026-12-26 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262d-e095-70b9-88ca-af85505a63ee', '01a2262d-b62b-7ff0-bf23-4cf93c87f09f', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-26', '2026-12-26 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262d-f709-7776-b582-43af19e88c3f', '01a2262d-b62c-74cf-8eb1-49e932ed9845', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-26', '2026-12-26 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262e-11b8-7300-aa33-e17eafee5a43', '01a2262d-b62d-7361-9cd1-125edd96721c', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-26', '2026-12-26 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262e-2be8-7644-b3c4-5b50e858cced', '01a2262d-b62e-751a-8491-94a42cea403c', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-26', '2026-12-26 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262e-4506-7808-b8bc-828b41de5ac8', '01a2262d-b62f-74a9-a822-9385630032d7', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-26', '2026-12-26 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262e-5dec-7e21-b27c-81c6e16aaf4d', '01a2262d-b630-77a2-b158-2f7626083322', '01a2262e-5da4-72ed-b81b-6f995ef11302', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-03-19', '2027-03-18 17:00:00+00', 'ARMED', 0, '2026-12-19', NULL, false),
	('01a2262e-5ded-7dbd-9072-dc8a71cca906', '01a2262d-b630-77a2-b158-2f7626083322', '01a2262e-5da5-7823-95ab-c6d541998b99', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-12-19', '2029-12-18 17:00:00+00', 'ARMED', 0, '2026-12-19', NULL, false),
	('01a2262e-5dee-793c-a90b-2e7993c1ac1e', '01a2262d-b630-77a2-b158-2f7626083322', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-26', '2026-12-26 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262d-43d2-7dc3-b0ce-941b1b39c9d1', '01a2262c-f676-7d76-803d-1c8e42142f9d', '01a2262d-4374-704d-b2e9-5bb291908acc', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-02-28', '2027-02-27 17:00:00+00', 'FIRED', 0, '2026-11-29', '2027-02-27 17:00:01.070564+00', false);
INSERT INTO public.obligation VALUES
	('01a2262d-91c7-7119-949a-573df323b51a', '01a2262c-f677-733d-975e-9330f8b4a36f', '01a2262d-52dc-74c3-a620-6e18c5b24450', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-02-28', '2027-02-27 17:00:00+00', 'FIRED', 0, '2026-11-29', '2027-02-27 17:00:01.070564+00', false),
	('01a2262e-8c0c-72f9-a57e-ffb148920293', '01a2262c-f677-733d-975e-9330f8b4a36f', '01a2262d-52dc-74c3-a620-6e18c5b24450', 'FOLLOW_UP_OVERDUE_3M', 1, 'VN-holidays-0.109-2020-2040+1', true, '2027-03-13', '2027-03-13 17:00:00+00', 'DISARMED', 0, '2027-02-28', NULL, false),
	('01a2262d-91c8-7010-9e01-494f82208c2e', '01a2262c-f677-733d-975e-9330f8b4a36f', '01a2262d-52dd-74fe-8977-ec1b6d0af8ba', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-11-29', '2029-11-28 17:00:00+00', 'DISARMED', 0, '2026-11-29', NULL, false),
	('01a2262e-abb5-77c5-85a1-9d31af869b9b', '01a2262c-f677-733d-975e-9330f8b4a36f', '01a2262d-52dd-74fe-8977-ec1b6d0af8ba', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040+1', true, '2029-11-29', '2029-11-28 17:00:00+00', 'ARMED', 0, '2026-11-29', NULL, false),
	('01a2262e-8bb2-75fb-894e-382a1713a4dd', '01a2262c-f676-7d76-803d-1c8e42142f9d', '01a2262d-4374-704d-b2e9-5bb291908acc', 'FOLLOW_UP_OVERDUE_3M', 1, 'VN-holidays-0.109-2020-2040+1', true, '2027-03-13', '2027-03-13 17:00:00+00', 'FIRED', 0, '2027-02-28', '2027-03-13 17:00:01.060147+00', false),
	('01a2262f-1862-7552-8d33-ab81a1e51b0d', '01a2262c-f676-7d76-803d-1c8e42142f9d', '01a2262d-4374-704d-b2e9-5bb291908acc', 'FOLLOW_UP_ESCALATE', 1, 'VN-holidays-0.109-2020-2040+1', true, '2027-03-27', '2027-03-27 17:00:00+00', 'ARMED', 0, '2027-03-13', NULL, false),
	('01a2262f-1863-7d51-871e-85ec8711fada', '01a2262c-f676-7d76-803d-1c8e42142f9d', '01a2262d-4374-704d-b2e9-5bb291908acc', 'LOST_TO_FOLLOW_UP', 1, 'VN-holidays-0.109-2020-2040+1', false, '2027-05-12', '2027-05-12 17:00:00+00', 'ARMED', 0, '2027-03-13', NULL, false),
	('01a2262e-4504-7ee3-8d41-eaaeceb3e1ed', '01a2262d-b62f-74a9-a822-9385630032d7', '01a2262e-44c5-75a4-811b-b6cb56a70fd8', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-03-19', '2027-03-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262e-4505-7b81-9b42-c4ac2d22dcaa', '01a2262d-b62f-74a9-a822-9385630032d7', '01a2262e-44c6-79c1-8844-ef2e770dc26b', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-12-19', '2029-12-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262e-2be6-7743-ae01-e7328a3f3b21', '01a2262d-b62e-751a-8491-94a42cea403c', '01a2262e-2ba7-72cb-9940-c552b7bc6569', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-03-19', '2027-03-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262e-2be7-703e-9293-ee1098ad9519', '01a2262d-b62e-751a-8491-94a42cea403c', '01a2262e-2ba8-7de3-a329-37f3cab2b78e', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-12-19', '2029-12-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262e-11b6-798d-9677-2c8b1275c898', '01a2262d-b62d-7361-9cd1-125edd96721c', '01a2262e-1185-7891-a1cd-eb9d76645537', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-03-19', '2027-03-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262e-11b7-75e3-9024-e53803382b40', '01a2262d-b62d-7361-9cd1-125edd96721c', '01a2262e-1186-7708-a4ce-01e1a8aafff5', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-12-19', '2029-12-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262d-e093-7fcb-8aac-b900c507ec74', '01a2262d-b62b-7ff0-bf23-4cf93c87f09f', '01a2262d-e041-7f14-a10a-a91ac23670bd', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-03-19', '2027-03-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262d-e094-73b0-9859-87b76ab98fbc', '01a2262d-b62b-7ff0-bf23-4cf93c87f09f', '01a2262d-e042-7824-937f-2edf95a055cf', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-12-19', '2029-12-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262d-f707-7de6-985e-56b7292299d2', '01a2262d-b62c-74cf-8eb1-49e932ed9845', '01a2262d-f6dc-7bdf-9fd0-f14dfde0ed84', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-03-19', '2027-03-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262d-f708-7d0b-98e1-c20a34eb6800', '01a2262d-b62c-74cf-8eb1-49e932ed9845', '01a2262d-f6dd-7fc3-a743-887e34db967d', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-12-19', '2029-12-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262f-c610-7a88-a506-99d4e4f6e645', '01a2262d-b62c-74cf-8eb1-49e932ed9845', '01a2262d-f6dc-7bdf-9fd0-f14dfde0ed84', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040+1', true, '2027-03-19', '2027-03-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a2262f-c611-7cbd-89de-399788ab8a87', '01a2262d-b62c-74cf-8eb1-49e932ed9845', '01a2262d-f6dd-7fc3-a743-887e34db967d', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040+1', false, '2029-12-19', '2029-12-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false);
INSERT INTO public.office_end VALUES
	('SA-38', '2026-12-18', 'SA-40', 'SA-40', '{"cases": 1, "deadlines": 2}', '2026-12-19 07:21:44.339008+00'),
	('RC-SOCIAL-20', '2027-03-17', NULL, 'SV-20', '{"cases": 0, "deadlines": 0}', '2027-03-17 17:00:02.284365+00');
INSERT INTO public.outbox VALUES
	(1, '01a2262d-442d-793f-b67f-098de0c9fa61', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a2262c-f676-7d76-803d-1c8e42142f9d', 1, '2026-11-29 07:20:30.261289+00', 'df1d4b2a-0dc5-49c5-aa71-15fafdcfae84', '01a2262d-40db-7057-be72-e870c4681b4d', '', '\x0a2430316132323632632d663637362d376437362d383033642d316338653432313432663964120553412d3135180222340a2430316132323632642d343337342d373034642d623265392d35626232393139303861636310011a0a323032372d30322d323822340a2430316132323632642d343337352d376237332d613833382d37303331643466313131333510021a0a323032392d31312d3239', '2026-11-29 07:20:31.091279+00'),
	(2, '01a2262d-531c-7ae2-ac70-22ab86a6c27e', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a2262c-f677-733d-975e-9330f8b4a36f', 1, '2026-11-29 07:20:34.238804+00', 'd84f4c56-fd70-450b-a3e1-9f946d7098e9', '01a2262d-505e-7a56-afa9-4c8707130715', '', '\x0a2430316132323632632d663637372d373333642d393735652d393333306638623461333666120553412d3230180222340a2430316132323632642d353264632d373463332d613632302d36653138633562323434353010011a0a323032372d30322d323822340a2430316132323632642d353264642d373466652d383937372d65633162366430616638626110021a0a323032392d31312d3239', '2026-11-29 07:20:34.506283+00'),
	(3, '01a2262d-5e1f-7cc6-b0a6-52527f5903d5', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a2262c-f677-733d-975e-9330f8b4a36f', 2, '2026-11-29 07:20:37.046207+00', '88f4f61a-b175-424d-ae02-a26c967df166', '', '', '\x0a2430316132323632632d663637372d373333642d393735652d393333306638623461333666120553412d32301801220a323032362d31312d3239', '2026-11-29 07:20:37.45089+00'),
	(4, '01a2262d-69e6-7cba-8199-f5a0185a1a64', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a2262c-f678-7862-8517-7f13aca02b60', 1, '2026-11-29 07:20:40.057231+00', '7243e180-af0d-4e31-ab22-2f3d69ca9e06', '01a2262d-6776-715f-b276-59e048fd1ef0', '', '\x0a2430316132323632632d663637382d373836322d383531372d376631336163613032623630120553412d3230180222340a2430316132323632642d363962302d373931352d623961642d65383739346665353565363610011a0a323032372d30322d323822340a2430316132323632642d363962312d373735312d393430352d32623632646430316366663310021a0a323032392d31312d3239', '2026-11-29 07:20:40.522145+00'),
	(5, '01a2262d-747a-7111-a921-376bcc6a0fe7', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a2262c-f678-7862-8517-7f13aca02b60', 2, '2026-11-29 07:20:42.723679+00', '35f1869e-0265-4ee1-8007-611a40a8c3b0', '', '', '\x0a2430316132323632632d663637382d373836322d383531372d376631336163613032623630120553412d32301801220a323032362d31312d3239', '2026-11-29 07:20:43.581624+00'),
	(6, '01a2262d-7f0e-73b7-aed4-f88781bbf4d3', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a2262c-f678-7862-8517-7f13aca02b60', 3, '2026-11-29 07:20:45.459203+00', '906321a0-3658-4269-8dc9-3fefcdcc8008', '', '', '\x0a2430316132323632632d663637382d373836322d383531372d376631336163613032623630120553412d32301802', '2026-11-29 07:20:45.916189+00'),
	(7, '01a2262d-8040-7213-bfb4-bd094d94ac2c', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a2262c-f677-733d-975e-9330f8b4a36f', 3, '2026-11-29 07:20:45.763601+00', 'fbc043dc-81a3-4451-b5f3-121e441d713f', '', '', '\x0a2430316132323632632d663637372d373333642d393735652d393333306638623461333666120553412d32301802', '2026-11-29 07:20:46.218741+00'),
	(8, '01a2262d-91e6-7cb9-84b4-524c5fb52fa3', 'homeward.followup.v1', 'homeward.events.v1.CaseReopened', '01a2262c-f677-733d-975e-9330f8b4a36f', 4, '2026-11-29 07:20:50.277133+00', 'a6eef0b8-32b6-47ec-a10f-849e43cc72c2', '', '', '\x0a2430316132323632632d663637372d373333642d393735652d393333306638623461333666120553412d3230', '2026-11-29 07:20:50.803499+00'),
	(9, '01a2262d-a520-7414-91c2-46ead111aeec', 'homeward.followup.v1', 'homeward.events.v1.FollowUpEscalated', '01a2262c-f676-7d76-803d-1c8e42142f9d', 2, '2026-12-06 17:00:01.068117+00', '01a2262d-a4cf-709d-89fa-296317fe54be', '', '', '\x0a2430316132323632632d663637362d376437362d383033642d3163386534323134326639641a0553412d3135220d46495253545f434f4e544143542801', '2026-11-29 07:20:55.549213+00'),
	(10, '01a2262d-c938-711d-8a65-58bc131644a0', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a2262d-b62a-7922-9f20-9d111a62cf5c', 1, '2026-12-19 07:21:00.147764+00', '9af22e08-3934-46ad-8848-e30a4b516d6c', '01a2262d-c71d-7783-a9a1-19927741fd33', '', '\x0a2430316132323632642d623632612d373932322d396632302d396431313161363263663563120553412d3034180222340a2430316132323632642d633864622d376463342d393666332d64353337303966343537316210011a0a323032372d30332d313922340a2430316132323632642d633864632d376463342d626266302d35306162396238316661333410021a0a323032392d31322d3139', '2026-11-29 07:21:04.902777+00'),
	(11, '01a2262d-d392-7d34-9dee-491035a35856', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a2262d-b62a-7922-9f20-9d111a62cf5c', 2, '2026-12-19 07:21:02.86776+00', '9581a78a-e289-4819-b3c4-c39ddda64252', '', '', '\x0a2430316132323632642d623632612d373932322d396632302d396431313161363263663563120553412d30341801220a323032362d31322d3139', '2026-11-29 07:21:07.419305+00'),
	(12, '01a2262d-e0a4-74c0-9928-137e71226eb8', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a2262d-b62b-7ff0-bf23-4cf93c87f09f', 1, '2026-12-19 07:21:06.131946+00', '0748998e-3a27-4b83-89db-eb79e6fe3825', '01a2262d-deb5-7d3d-88f8-2f9908c49eb9', '', '\x0a2430316132323632642d623632622d376666302d626632332d346366393363383766303966120553412d3034180222340a2430316132323632642d653034312d376631342d613130612d61393161633233363730626410011a0a323032372d30332d313922340a2430316132323632642d653034322d373832342d393337662d32656466393561303535636610021a0a323032392d31322d3139', '2026-11-29 07:21:10.831678+00'),
	(13, '01a2262d-ec46-775d-a3e7-3b1c061034d6', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a2262d-b62b-7ff0-bf23-4cf93c87f09f', 2, '2026-12-19 07:21:09.216107+00', '3892abcb-98ba-46f7-baa5-8588b29d15dd', '', '', '\x0a2430316132323632642d623632622d376666302d626632332d346366393363383766303966120553412d30341801220a323032362d31322d3139', '2026-11-29 07:21:13.847382+00'),
	(14, '01a2262d-f71f-797e-932a-10aa20e6d1cc', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a2262d-b62c-74cf-8eb1-49e932ed9845', 1, '2026-12-19 07:21:11.930981+00', 'de36b06e-1dcc-4acb-b2ee-7e27010f6d16', '01a2262d-f53c-735d-adc1-bd1f96eaf614', '', '\x0a2430316132323632642d623632632d373463662d386562312d343965393332656439383435120553412d3034180222340a2430316132323632642d663664632d376264662d396664302d66313464666465306564383410011a0a323032372d30332d313922340a2430316132323632642d663664642d376663332d613734332d38383765333464623936376410021a0a323032392d31322d3139', '2026-11-29 07:21:16.618175+00'),
	(15, '01a2262e-04da-73cf-8bc5-0ed2faadcde6', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a2262d-b62c-74cf-8eb1-49e932ed9845', 2, '2026-12-19 07:21:15.501472+00', 'fc97cc35-9d61-4aea-a874-8ac8a2bfd786', '', '', '\x0a2430316132323632642d623632632d373463662d386562312d343965393332656439383435120553412d30341801220a323032362d31322d3139', '2026-11-29 07:21:20.034685+00'),
	(16, '01a2262e-11f6-7723-b712-3e609763911a', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a2262d-b62d-7361-9cd1-125edd96721c', 1, '2026-12-19 07:21:18.763496+00', 'ddf445f7-3fd8-4baf-b7f1-a59346a7c930', '01a2262e-0ff3-7c23-b65a-5655b18d5d52', '', '\x0a2430316132323632642d623632642d373336312d396364312d313235656464393637323163120553412d3034180222340a2430316132323632652d313138352d373839312d613163642d65623964373636343535333710011a0a323032372d30332d313922340a2430316132323632652d313138362d373730382d613463652d30316531613861616666663510021a0a323032392d31322d3139', '2026-11-29 07:21:23.457572+00'),
	(17, '01a2262e-1c50-7a38-b44f-0fd6ada3e45b', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a2262d-b62d-7361-9cd1-125edd96721c', 2, '2026-12-19 07:21:21.477302+00', '8e4fa170-553e-4d4d-8cf5-ae44303b1435', '', '', '\x0a2430316132323632642d623632642d373336312d396364312d313235656464393637323163120553412d30341801220a323032362d31322d3139', '2026-11-29 07:21:26.12744+00'),
	(18, '01a2262e-2c02-7edc-a9a5-bbbe0243f162', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a2262d-b62e-751a-8491-94a42cea403c', 1, '2026-12-19 07:21:25.478547+00', 'd810a399-7625-44fc-b193-ea2a6a8e1464', '01a2262e-29f0-7601-8db9-7b40bc2c8dc9', '', '\x0a2430316132323632642d623632652d373531612d383439312d393461343263656134303363120553412d3034180222340a2430316132323632652d326261372d373263622d393934302d63353532623762633635363910011a0a323032372d30332d313922340a2430316132323632652d326261382d376465332d613332392d33376633636162326237386510021a0a323032392d31322d3139', '2026-11-29 07:21:30.409884+00'),
	(19, '01a2262e-3721-7c15-ab94-b69a8355ff08', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a2262d-b62e-751a-8491-94a42cea403c', 2, '2026-12-19 07:21:28.313019+00', 'd31ca526-8d13-4f03-aecd-028793ce3737', '', '', '\x0a2430316132323632642d623632652d373531612d383439312d393461343263656134303363120553412d30341801220a323032362d31322d3139', '2026-11-29 07:21:32.9095+00'),
	(20, '01a2262e-4521-7b65-b8b0-6cdf9ffca61f', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a2262d-b62f-74a9-a822-9385630032d7', 1, '2026-12-19 07:21:31.865188+00', '7ca09465-9e77-47e7-a602-4343cfa1d623', '01a2262e-430e-78c5-a9ad-3c5af3de05da', '', '\x0a2430316132323632642d623632662d373461392d613832322d393338353633303033326437120553412d3034180222340a2430316132323632652d343463352d373561342d383131622d62366362353661373066643810011a0a323032372d30332d313922340a2430316132323632652d343463362d373963312d383834342d65663265373730646332366210021a0a323032392d31322d3139', '2026-11-29 07:21:36.526179+00');
INSERT INTO public.outbox VALUES
	(21, '01a2262e-534f-7ce1-a6c7-008464b7b339', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a2262d-b62f-74a9-a822-9385630032d7', 2, '2026-12-19 07:21:35.618296+00', '558811da-9c17-4805-90c3-eebcfec994e4', '', '', '\x0a2430316132323632642d623632662d373461392d613832322d393338353633303033326437120553412d30341801220a323032362d31322d3139', '2026-11-29 07:21:40.462896+00'),
	(22, '01a2262e-5e02-7464-9421-c6a6dcfa9145', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a2262d-b630-77a2-b158-2f7626083322', 1, '2026-12-19 07:21:38.293413+00', 'f65de072-16c3-4449-9710-623afa8a0aac', '01a2262e-5c89-7c59-a80b-603b4fca7cfa', '', '\x0a2430316132323632642d623633302d373761322d623135382d326637363236303833333232120553412d3338180222340a2430316132323632652d356461342d373265642d623831622d36663939356566313133303210011a0a323032372d30332d313922340a2430316132323632652d356461352d373832332d393561622d63366435343139393862393910021a0a323032392d31322d3139', '2026-11-29 07:21:43.003521+00'),
	(23, '01a2262e-696b-7371-84ad-c4dc2624f36b', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a2262d-b630-77a2-b158-2f7626083322', 2, '2026-12-19 07:21:41.288037+00', 'a0e59fd3-f5a9-48a9-8299-2503889e37ae', '', '', '\x0a2430316132323632642d623633302d373761322d623135382d326637363236303833333232120553412d33381801220a323032362d31322d3139', '2026-11-29 07:21:45.749918+00'),
	(24, '01a2262e-8bca-7ebb-93ba-4a2a0a4a250c', 'homeward.followup.v1', 'homeward.events.v1.FollowUpDue', '01a2262c-f676-7d76-803d-1c8e42142f9d', 3, '2027-02-27 17:00:01.070564+00', '01a2262e-8b10-7dc3-a342-b0a1e5eeb6dd', '', '', '\x0a2430316132323632632d663637362d376437362d383033642d316338653432313432663964122430316132323632642d343337342d373034642d623265392d3562623239313930386163631801220553412d31352a0a323032372d30322d3238', '2026-11-29 07:21:54.734337+00'),
	(26, '01a2262e-abe9-75b8-97a6-613fbaa49fa4', 'homeward.followup.v1', 'homeward.events.v1.FollowUpRecorded', '01a2262c-f677-733d-975e-9330f8b4a36f', 6, '2027-02-28 17:00:03.635216+00', 'b05ebd6b-f1f9-48ff-9a88-2007584c22a8', '', '', '\x0a2430316132323632632d663637372d373333642d393735652d393333306638623461333666122430316132323632642d353264632d373463332d613632302d3665313863356232343435301801220553412d32302a0a323032372d30332d30313001', '2026-11-29 07:22:02.908132+00'),
	(25, '01a2262e-8c1f-7761-ad2f-69353242d559', 'homeward.followup.v1', 'homeward.events.v1.FollowUpDue', '01a2262c-f677-733d-975e-9330f8b4a36f', 5, '2027-02-27 17:00:01.070564+00', '01a2262e-8b10-7dc3-a342-b0a1e5eeb6dd', '', '', '\x0a2430316132323632632d663637372d373333642d393735652d393333306638623461333666122430316132323632642d353264632d373463332d613632302d3665313863356232343435301801220553412d32302a0a323032372d30322d3238', '2026-11-29 07:21:54.734337+00'),
	(27, '01a2262f-1873-75a0-a5ce-c24cb62aeed0', 'homeward.followup.v1', 'homeward.events.v1.FollowUpOverdue', '01a2262c-f676-7d76-803d-1c8e42142f9d', 4, '2027-03-13 17:00:01.060147+00', '01a2262f-1809-7b5a-9829-97a4bb885fad', '', '', '\x0a2430316132323632632d663637362d376437362d383033642d316338653432313432663964122430316132323632642d343337342d373034642d623265392d3562623239313930386163631801220553412d31352a0a323032372d30322d3238', '2026-11-29 07:22:30.590014+00'),
	(28, '01a2262f-5fbc-75d4-afc9-8604e9147fac', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a2262d-b62f-74a9-a822-9385630032d7', 3, '2027-03-17 17:00:12.196758+00', '1d1cefa0-3a3d-4fb1-9a5a-9b41e54fd2f6', '', '', '\x0a2430316132323632642d623632662d373461392d613832322d393338353633303033326437120553412d30341802', '2026-11-29 07:22:48.809622+00'),
	(29, '01a2262f-640b-7451-9e89-565f78330281', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a2262d-b62e-751a-8491-94a42cea403c', 3, '2027-03-17 17:00:13.335087+00', '79afdff3-331d-4222-b10a-f07809a5eeb8', '', '', '\x0a2430316132323632642d623632652d373531612d383439312d393461343263656134303363120553412d30341802', '2026-11-29 07:22:49.925076+00'),
	(30, '01a2262f-65f9-7a28-8b14-c5211661e47c', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a2262d-b62d-7361-9cd1-125edd96721c', 3, '2027-03-17 17:00:13.82576+00', 'a3fffe37-52c3-45e6-84ee-401d689dc2c6', '', '', '\x0a2430316132323632642d623632642d373336312d396364312d313235656464393637323163120553412d30341802', '2026-11-29 07:22:50.487946+00'),
	(31, '01a2262f-c4c4-7511-8fa5-e3258313c832', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a2262d-b62b-7ff0-bf23-4cf93c87f09f', 3, '2027-03-17 17:00:38.01514+00', '4e05b5ad-2fd4-43b8-bb7f-7a6bae259204', '', '', '\x0a2430316132323632642d623632622d376666302d626632332d346366393363383766303966120553412d30341802', NULL),
	(32, '01a2262f-c588-7916-b2d1-6849230181e6', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a2262d-b62c-74cf-8eb1-49e932ed9845', 3, '2027-03-17 17:00:38.268541+00', 'dc5e81b4-0680-449f-b966-699b1beb62df', '', '', '\x0a2430316132323632642d623632632d373463662d386562312d343965393332656439383435120553412d30341802', NULL),
	(33, '01a2262f-c63a-7069-b042-4f3e4f78fb60', 'homeward.followup.v1', 'homeward.events.v1.CaseReopened', '01a2262d-b62c-74cf-8eb1-49e932ed9845', 4, '2027-03-17 17:00:38.43269+00', '8124c0ce-6910-4e06-9214-4dc9dfb5fb32', '', '', '\x0a2430316132323632642d623632632d373463662d386562312d343965393332656439383435120553412d3034', NULL),
	(34, '01a2262f-c6d0-779f-9829-c71331c80335', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a2262d-b62c-74cf-8eb1-49e932ed9845', 5, '2027-03-17 17:00:38.600342+00', 'aa5614b9-a359-402a-b42b-c5efb0c5a9c1', '', '', '\x0a2430316132323632642d623632632d373463662d386562312d343965393332656439383435120553412d30341802', NULL);
INSERT INTO public.overlay_edition VALUES
	(true, 4);
INSERT INTO public.request_log VALUES
	('SA-20', '8aebaa48-52be-44fb-92a0-6655355085a5', '/homeward.followup.v1.FollowUpService/RecordContact', '\x05c2dade05d3e8237772b085bd2a51c463aa543d16ce693d7fdfd17c9af040f6', '\x0a2430316132323632632d663637372d373333642d393735652d3933333066386234613336661001', '2026-11-29 07:20:37.046207+00'),
	('SA-20', '70cb70b8-6aff-4355-a82b-fa452796531d', '/homeward.followup.v1.FollowUpService/RecordContact', '\x78a9491e6b85ff5874709c39e2024918dc93c803711b166bab9a9d38b2cb6a84', '\x0a2430316132323632632d663637382d373836322d383531372d3766313361636130326236301001', '2026-11-29 07:20:42.723679+00'),
	('SA-20', '042977e3-a9df-406c-a939-d94c3159e698', '/homeward.followup.v1.FollowUpService/CloseCase', '\x62b0fd11a87b52b6ee1d427890b5a13570115c7f57e438aa3a74fbd4524651d4', '\x0a4f0a2430316132323632632d663637382d373836322d383531372d376631336163613032623630120e48572d3230362d3031312d3333351807220553412d32302802320c08cda4afd80610b8c3fbda01', '2026-11-29 07:20:45.459203+00'),
	('SA-20', '2bc742f8-d867-4c34-95c7-a75512dac7ee', '/homeward.followup.v1.FollowUpService/CloseCase', '\x5d555f0f54ceaaad3f64d5072d2ef0c22358c4c9a072dcc74154e642414ced2d', '\x0a4f0a2430316132323632632d663637372d373333642d393735652d393333306638623461333666120e48572d3830392d3031362d3934331807220553412d32302802320c08cda4afd80610e8c08eec02', '2026-11-29 07:20:45.763601+00'),
	('SA-20', 'b110af66-2468-4b20-8d7b-36f40a6aafa3', '/homeward.followup.v1.FollowUpService/ReopenCase', '\x09211ba4ef2b52763757ba1d7a86bbe7e797942f9274bc81d6300d458f6219c2', '\x0a590a2430316132323632632d663637372d373333642d393735652d393333306638623461333666120e48572d3830392d3031362d3934331806220553412d32303a0c464f4c4c4f575f55505f334d420a323032372d30322d3238', '2026-11-29 07:20:50.277133+00'),
	('SA-04', '24be13e4-19ff-4820-bad8-8489be175683', '/homeward.followup.v1.FollowUpService/RecordContact', '\xcd89a3603c54e1269e7898c28a08fae580adf7d064aaa779efe16df32f59ac8c', '\x0a2430316132323632642d623632612d373932322d396632302d3964313131613632636635631001', '2026-12-19 07:21:02.86776+00'),
	('SA-04', '196ec795-110c-4177-9c01-7f52c651b8a2', '/homeward.followup.v1.FollowUpService/RecordContact', '\x51ff89e42efbe21b5b869280daef906439778a5056f3baf1baad691e881b22d0', '\x0a2430316132323632642d623632622d376666302d626632332d3463663933633837663039661001', '2026-12-19 07:21:09.216107+00'),
	('SA-04', 'ac55f6a9-9485-4dea-9fe9-5e2f146f94c2', '/homeward.followup.v1.FollowUpService/RecordContact', '\xc32c9b7572645fa0a87e8ef4c7c8babf0e128b6971674e95bca46c3d67e4e126', '\x0a2430316132323632642d623632632d373463662d386562312d3439653933326564393834351001', '2026-12-19 07:21:15.501472+00'),
	('SA-04', 'a3e96520-dab9-467c-bc74-8b69b565d210', '/homeward.followup.v1.FollowUpService/RecordContact', '\x87ec7e08e24d9493fe0bb00254f8f9dea16b180013bfb38fc9afe266718391e6', '\x0a2430316132323632642d623632642d373336312d396364312d3132356564643936373231631001', '2026-12-19 07:21:21.477302+00'),
	('SA-04', '65146658-15bb-4850-9364-f1bdd15c2bd1', '/homeward.followup.v1.FollowUpService/RecordContact', '\x6f97cf9db1bad649b14a0b08a7c2be2ea479cfaadf594e3b61b029ca1b0a0034', '\x0a2430316132323632642d623632652d373531612d383439312d3934613432636561343033631001', '2026-12-19 07:21:28.313019+00'),
	('SA-04', '47dbc714-c669-4bba-b355-2174428da139', '/homeward.followup.v1.FollowUpService/RecordContact', '\x44ddc2b9cd9fc1b87f7540aec094e365e42d8c79341671a2776cbd0bf6f2fdf3', '\x0a2430316132323632642d623632662d373461392d613832322d3933383536333030333264371001', '2026-12-19 07:21:35.618296+00'),
	('SA-38', '326ea0d2-f9b2-411c-980f-1263e9ad003c', '/homeward.followup.v1.FollowUpService/RecordContact', '\x40c6f42ca071594f6aa92ff659235a48549b1394525ec26e6e74f14c67203fb1', '\x0a2430316132323632642d623633302d373761322d623135382d3266373632363038333332321001', '2026-12-19 07:21:41.288037+00'),
	('SA-20', '292efac0-1709-4bb5-9db2-afedd9c46030', '/homeward.followup.v1.FollowUpService/RecordFollowUp', '\xd43cd956147f1163643c99131ea8a0052aa8764842feb9840c8189a90be0b669', '\x0a92010a2430316132323632642d353264632d373463332d613632302d366531386335623234343530122430316132323632632d663637372d373333642d393735652d3933333066386234613336661a0e48572d3830392d3031362d3934332203223522280130053a0553412d3230420a323032362d31312d32394a0a323032372d30322d3238520a323032372d30332d30315802', '2027-02-28 17:00:03.635216+00'),
	('SA-04', '7407c576-47a8-4230-bf2e-f6924547e9fc', '/homeward.followup.v1.FollowUpService/CloseCase', '\xf59313d4e54813f807ae19a093ea0bd9c04db9e75b9dee88b5d4d3b8f661bd7d', '\x0a4e0a2430316132323632642d623632662d373461392d613832322d393338353633303033326437120e48572d3430322d3030332d3734391807220553412d30342802320b089cf8eadc0610f093e95d', '2027-03-17 17:00:12.196758+00'),
	('SA-04', 'fb9139cd-ea37-4972-9e62-12ad22b787b2', '/homeward.followup.v1.FollowUpService/CloseCase', '\xcdfba7f5d031571060ef05c6bdc5b02fc957ae17a67d44563967fef6b4bda4d6', '\x0a4f0a2430316132323632642d623632652d373531612d383439312d393461343263656134303363120e48572d3730322d3235342d3138321807220553412d30342802320c089df8eadc0610988be49f01', '2027-03-17 17:00:13.335087+00'),
	('SA-04', '33210209-1e86-4b02-a26d-9d99dac6e2c7', '/homeward.followup.v1.FollowUpService/CloseCase', '\x0d96abc65bba1a3a529b72f875e3bb8acf0f693b0df9c7132c115d943899c98d', '\x0a4f0a2430316132323632642d623632642d373336312d396364312d313235656464393637323163120e48572d3038382d3239302d3537341807220553412d30342802320c089df8eadc061080b2e08903', '2027-03-17 17:00:13.82576+00'),
	('SA-04', '3e97947d-8ba5-49eb-8668-47554b44a538', '/homeward.followup.v1.FollowUpService/CloseCase', '\x52ed3d113778c0773899f8fd423431c1344237f2c59bd92011741e508b02f1a3', '\x0a4e0a2430316132323632642d623632622d376666302d626632332d346366393363383766303966120e48572d3932332d3630362d3731361807220553412d30342802320b08b6f8eadc0610a0899c07', '2027-03-17 17:00:38.01514+00'),
	('SA-04', '497fa3cf-5a70-4ac9-8ada-26577032952c', '/homeward.followup.v1.FollowUpService/CloseCase', '\x5bd28fee91e42110fa062ef3d424d9ff7304858645c5b9b41a4fb2d696b03a4e', '\x0a4f0a2430316132323632642d623632632d373463662d386562312d343965393332656439383435120e48572d3630332d3030352d3631311807220553412d30342802320c08b6f8eadc0610c8b8868001', '2027-03-17 17:00:38.268541+00'),
	('SA-04', '3add7a5c-9c68-4a77-8db9-44c8f7674463', '/homeward.followup.v1.FollowUpService/ReopenCase', '\x58211da1c424b1ef32ab02fbf5139d19240c1fb66cd660df6d09a5c3a91acbc8', '\x0a590a2430316132323632642d623632632d373463662d386562312d343965393332656439383435120e48572d3630332d3030352d3631311806220553412d30343a0c464f4c4c4f575f55505f334d420a323032372d30332d3139', '2027-03-17 17:00:38.43269+00'),
	('SA-04', 'e2c40d05-af02-4f6c-9d85-484e7070df59', '/homeward.followup.v1.FollowUpService/CloseCase', '\xe75a8c19f47d4d464ece794827ada9395935a7990abbcd3c28fd47d6932b0a56', '\x0a4f0a2430316132323632642d623632632d373463662d386562312d343965393332656439383435120e48572d3630332d3030352d3631311807220553412d30342802320c08b6f8eadc0610f0fba19e02', '2027-03-17 17:00:38.600342+00');
INSERT INTO public.rule_overlay VALUES
	('SEARCH_ESCALATE', 2, 9, 'CALENDAR_DAYS', 'POLICY', 'Invented circular 1', '2026-12-19', '2026-12-19 07:21:44.984327+00');
INSERT INTO public.stream_version VALUES
	('homeward.followup.v1', '01a2262c-f678-7862-8517-7f13aca02b60', 3),
	('homeward.followup.v1', '01a2262d-b62a-7922-9f20-9d111a62cf5c', 2),
	('homeward.followup.v1', '01a2262d-b630-77a2-b158-2f7626083322', 2),
	('homeward.followup.v1', '01a2262c-f677-733d-975e-9330f8b4a36f', 6),
	('homeward.followup.v1', '01a2262c-f676-7d76-803d-1c8e42142f9d', 4),
	('homeward.followup.v1', '01a2262d-b62f-74a9-a822-9385630032d7', 3),
	('homeward.followup.v1', '01a2262d-b62e-751a-8491-94a42cea403c', 3),
	('homeward.followup.v1', '01a2262d-b62d-7361-9cd1-125edd96721c', 3),
	('homeward.followup.v1', '01a2262d-b62b-7ff0-bf23-4cf93c87f09f', 3),
	('homeward.followup.v1', '01a2262d-b62c-74cf-8eb1-49e932ed9845', 5);
INSERT INTO public.watcher VALUES
	('followup.deadlines', '2027-03-17 17:00:14.074079+00', '2026-11-29 07:22:50.447482+00');
SELECT pg_catalog.setval('public.inbox_id_seq', 100, true);
SELECT pg_catalog.setval('public.outbox_id_seq', 34, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.calendar_overlay
    ADD CONSTRAINT calendar_overlay_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.consumer_control
    ADD CONSTRAINT consumer_control_pkey PRIMARY KEY (consumer);
ALTER TABLE ONLY public.follow_up
    ADD CONSTRAINT follow_up_case_id_set_number_kind_key UNIQUE (case_id, set_number, kind);
ALTER TABLE ONLY public.follow_up
    ADD CONSTRAINT follow_up_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.followup_case
    ADD CONSTRAINT followup_case_pkey PRIMARY KEY (case_id);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_consumer_event_id_key UNIQUE (consumer, event_id);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.inbox_position
    ADD CONSTRAINT inbox_position_pkey PRIMARY KEY (consumer, topic, subject);
ALTER TABLE ONLY public.obligation
    ADD CONSTRAINT obligation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.office_end
    ADD CONSTRAINT office_end_pkey PRIMARY KEY (office_id);
ALTER TABLE ONLY public.office_overlay
    ADD CONSTRAINT office_overlay_pkey PRIMARY KEY (office_id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_event_id_key UNIQUE (event_id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.overlay_edition
    ADD CONSTRAINT overlay_edition_pkey PRIMARY KEY (one);
ALTER TABLE ONLY public.request_log
    ADD CONSTRAINT request_log_pkey PRIMARY KEY (office_id, request_id);
ALTER TABLE ONLY public.rule_overlay
    ADD CONSTRAINT rule_overlay_pkey PRIMARY KEY (code, version);
ALTER TABLE ONLY public.stream_version
    ADD CONSTRAINT stream_version_pkey PRIMARY KEY (topic, subject);
ALTER TABLE ONLY public.watcher
    ADD CONSTRAINT watcher_pkey PRIMARY KEY (name);
CREATE INDEX follow_up_all ON public.follow_up USING btree (due_on, id);
CREATE INDEX follow_up_all_of_office ON public.follow_up USING btree (office_id, due_on, id);
CREATE INDEX follow_up_open ON public.follow_up USING btree (due_on, id) WHERE (state = 'OPEN'::text);
CREATE INDEX follow_up_open_of_office ON public.follow_up USING btree (office_id, due_on, id) WHERE (state = 'OPEN'::text);
CREATE INDEX followup_case_decisions ON public.followup_case USING btree (decision_due_on, case_id) WHERE decision_open;
CREATE INDEX followup_case_decisions_of_office ON public.followup_case USING btree (office_id, decision_due_on, case_id) WHERE decision_open;
CREATE INDEX followup_case_number ON public.followup_case USING btree (case_number);
CREATE INDEX followup_case_open_of_office ON public.followup_case USING btree (office_id) WHERE (phase <> ALL (ARRAY['CLOSED'::text, 'WITHDRAWN'::text]));
CREATE INDEX inbox_pending ON public.inbox USING btree (next_attempt_at, id) WHERE (state = 'PENDING'::text);
CREATE INDEX inbox_waiting ON public.inbox USING btree (topic, subject, version) WHERE (state = ANY (ARRAY['PARKED'::text, 'QUARANTINED'::text]));
CREATE INDEX obligation_case ON public.obligation USING btree (case_id);
CREATE INDEX obligation_due ON public.obligation USING btree (due_at) WHERE (state = 'ARMED'::text);
CREATE UNIQUE INDEX obligation_one_primary ON public.obligation USING btree (case_id) WHERE ((state = 'ARMED'::text) AND is_primary);
CREATE INDEX outbox_subject ON public.outbox USING btree (subject) WHERE (sent_at IS NULL);
CREATE INDEX outbox_unsent ON public.outbox USING btree (id) WHERE (sent_at IS NULL);
CREATE CONSTRAINT TRIGGER followup_case_one_watched_deadline AFTER INSERT OR UPDATE OF phase ON public.followup_case DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.followup_one_watched_deadline();
CREATE CONSTRAINT TRIGGER obligation_one_watched_deadline AFTER INSERT OR DELETE OR UPDATE OF case_id, state, is_primary ON public.obligation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.followup_one_watched_deadline();
ALTER TABLE ONLY public.follow_up
    ADD CONSTRAINT follow_up_case_id_fkey FOREIGN KEY (case_id) REFERENCES public.followup_case(case_id);
GRANT SELECT ON TABLE public.audit_case TO homeward_audit;
GRANT SELECT ON TABLE public.office_end TO homeward_audit;
GRANT SELECT ON TABLE public.office_overlay TO homeward_audit;
