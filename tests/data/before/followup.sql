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
	(1, '{2027-07-07}', '{}', '2026-12-19 07:27:14.593405+00');
INSERT INTO public.follow_up VALUES
	('01a22633-3bf8-7c00-8223-8b0c277d0963', '01a22633-3745-75af-b7c8-a61140eecd72', 1, 'YEARS_3', 'SA-15', '2026-11-29', '2029-11-29', 30, 'OPEN', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 1, '2026-11-29 07:27:01.616401+00'),
	('01a22633-432c-7041-b7bf-7d1383e82e30', '01a22633-3747-77dd-af67-5357c9bfda63', 1, 'MONTHS_3', 'SA-20', '2026-11-29', '2027-02-28', 14, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2026-11-29 07:27:04.348623+00'),
	('01a22633-432d-74c2-8216-ea4d7bb124e6', '01a22633-3747-77dd-af67-5357c9bfda63', 1, 'YEARS_3', 'SA-20', '2026-11-29', '2029-11-29', 30, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2026-11-29 07:27:04.348623+00'),
	('01a22633-3f65-7e6e-b538-90453e892fec', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 1, 'YEARS_3', 'SA-20', '2026-11-29', '2029-11-29', 30, 'OPEN', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 3, '2026-11-29 07:27:04.708119+00'),
	('01a22633-50ae-7654-b16d-54d90a453e79', '01a22633-4ebd-7df8-9ac7-d027b653756d', 1, 'MONTHS_3', 'SA-04', '2026-12-19', '2027-03-19', 14, 'OPEN', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 1, '2026-12-19 07:27:06.268702+00'),
	('01a22633-50af-72b1-a57e-8b8427f403c5', '01a22633-4ebd-7df8-9ac7-d027b653756d', 1, 'YEARS_3', 'SA-04', '2026-12-19', '2029-12-19', 30, 'OPEN', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 1, '2026-12-19 07:27:06.268702+00'),
	('01a22633-6c86-7375-81d6-d87d9397ca04', '01a22633-4ec4-78e4-9a05-4c148632f47f', 1, 'MONTHS_3', 'SA-40', '2026-12-19', '2027-03-19', 14, 'OPEN', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2026-12-19 07:27:14.385501+00'),
	('01a22633-6c87-7e4e-bcf0-8c6f3ec6cc48', '01a22633-4ec4-78e4-9a05-4c148632f47f', 1, 'YEARS_3', 'SA-40', '2026-12-19', '2029-12-19', 30, 'OPEN', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2026-12-19 07:27:14.385501+00'),
	('01a22633-3f64-71b9-805d-010e2b291571', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 1, 'MONTHS_3', 'SA-20', '2026-11-29', '2027-02-28', 14, 'RECORDED', 'DUE', 0, NULL, NULL, '{}', false, '2027-03-01', 'NEEDS_SUPPORT', '{}', 'SA-20', 5, '2027-02-28 17:00:00.945456+00'),
	('01a22633-3bf7-7036-986e-ee9de0a19d0e', '01a22633-3745-75af-b7c8-a61140eecd72', 1, 'MONTHS_3', 'SA-15', '2026-11-29', '2027-02-28', 14, 'OPEN', 'OVERDUE', 0, '2027-03-27', '2027-03-13', '{}', false, NULL, NULL, '{}', NULL, 3, '2027-03-13 17:00:01.05735+00'),
	('01a22633-68ef-7c36-a92e-7446138e7143', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', 1, 'MONTHS_3', 'SA-04', '2026-12-19', '2027-03-19', 14, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:03.319548+00'),
	('01a22633-68f0-777a-926c-7b42bba64e63', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', 1, 'YEARS_3', 'SA-04', '2026-12-19', '2029-12-19', 30, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:03.319548+00'),
	('01a22633-609d-7c4f-99b8-6abd4b9ad584', '01a22633-4ec1-7aef-84ed-e809513ed2c1', 1, 'MONTHS_3', 'SA-04', '2026-12-19', '2027-03-19', 14, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:03.620727+00'),
	('01a22633-609e-7c7f-b5fb-19d3351335e4', '01a22633-4ec1-7aef-84ed-e809513ed2c1', 1, 'YEARS_3', 'SA-04', '2026-12-19', '2029-12-19', 30, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:03.620727+00'),
	('01a22633-654b-79e0-b9d3-7dbfab144228', '01a22633-4ec2-7394-82b4-db5aaa94198e', 1, 'MONTHS_3', 'SA-04', '2026-12-19', '2027-03-19', 14, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:03.790468+00'),
	('01a22633-654c-77a0-b0e2-535f9bd1734a', '01a22633-4ec2-7394-82b4-db5aaa94198e', 1, 'YEARS_3', 'SA-04', '2026-12-19', '2029-12-19', 30, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:03.790468+00'),
	('01a22633-54af-7286-a53f-05da25c794f3', '01a22633-4ebe-71e0-a26f-bf82bc374bca', 1, 'MONTHS_3', 'SA-04', '2026-12-19', '2027-03-19', 14, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:26.693171+00'),
	('01a22633-54b0-7213-9c41-d5a694d66ec8', '01a22633-4ebe-71e0-a26f-bf82bc374bca', 1, 'YEARS_3', 'SA-04', '2026-12-19', '2029-12-19', 30, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 2, '2027-03-17 17:00:26.693171+00'),
	('01a22633-5873-785f-8ab6-7ec01bdccf47', '01a22633-4ebf-715a-adf4-35feb300e901', 1, 'MONTHS_3', 'SA-04', '2026-12-19', '2027-03-19', 14, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 4, '2027-03-17 17:00:26.924393+00'),
	('01a22633-5874-7517-9cfc-6afc819d2f16', '01a22633-4ebf-715a-adf4-35feb300e901', 1, 'YEARS_3', 'SA-04', '2026-12-19', '2029-12-19', 30, 'CANCELLED', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 4, '2027-03-17 17:00:26.924393+00');
INSERT INTO public.follow_up VALUES
	('01a22633-5d26-76a3-a480-9a2ca68eb36e', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', 1, 'MONTHS_3', 'SA-04', '2026-12-19', '2027-03-19', 14, 'OPEN', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 3, '2027-03-17 17:00:26.953508+00'),
	('01a22633-5d27-738d-81dd-1b5eb2c741da', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', 1, 'YEARS_3', 'SA-04', '2026-12-19', '2029-12-19', 30, 'OPEN', 'SCHEDULED', 0, NULL, NULL, '{}', false, NULL, NULL, '{}', NULL, 3, '2027-03-17 17:00:26.953508+00');
INSERT INTO public.followup_case VALUES
	('01a22633-4ebf-715a-adf4-35feb300e901', 'HW-603-005-611', 'SA-04', 'CLOSED', 2, 1, 1, '2026-12-19', 'ASKED_TO_STOP', '2027-03-17 17:00:26.924393+00', NULL, NULL, NULL, 0, false, '2027-03-17 17:00:26.870457+00', 3, NULL, false, '{2026-12-19}', '{REACHED}', 5, '2027-03-17 17:00:26.924393+00'),
	('01a22633-3747-77dd-af67-5357c9bfda63', 'HW-206-011-335', 'SA-20', 'CLOSED', 2, 1, 1, '2026-11-29', 'ASKED_TO_STOP', '2026-11-29 07:27:04.348623+00', NULL, NULL, NULL, 0, false, '2026-11-29 07:27:03.465262+00', 0, NULL, false, '{2026-11-29}', '{REACHED}', 4, '2026-11-29 07:27:04.479788+00'),
	('01a22633-4ec0-7d88-a683-a753ca4bd1c7', 'HW-088-290-574', 'SA-04', 'FOLLOW_UP', 2, 1, 1, '2026-12-19', NULL, NULL, NULL, NULL, NULL, 0, false, '2027-03-17 17:00:26.953508+00', 2, NULL, false, '{2026-12-19}', '{REACHED}', 4, '2027-03-17 17:00:26.953508+00'),
	('01a22633-4ebd-7df8-9ac7-d027b653756d', 'HW-404-508-470', 'SA-04', 'FOLLOW_UP', 2, 1, 1, '2026-12-19', NULL, NULL, NULL, NULL, NULL, 0, false, '2026-12-19 07:27:06.268702+00', 0, NULL, false, '{2026-12-19}', '{REACHED}', 2, '2026-12-19 07:27:06.855645+00'),
	('01a22633-4ec4-78e4-9a05-4c148632f47f', 'HW-238-003-079', 'SA-40', 'FOLLOW_UP', 2, 1, 1, '2026-12-19', NULL, NULL, NULL, NULL, NULL, 0, false, '2026-12-19 07:27:13.397404+00', 0, NULL, false, '{2026-12-19}', '{REACHED}', 3, '2026-12-19 07:27:14.385501+00'),
	('01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 'HW-809-016-943', 'SA-20', 'FOLLOW_UP', 3, 1, 1, '2026-11-29', NULL, NULL, NULL, NULL, NULL, 0, false, '2026-11-29 07:27:04.708119+00', 0, NULL, false, '{2026-11-29}', '{REACHED}', 8, '2027-02-28 17:00:00.945456+00'),
	('01a22633-3745-75af-b7c8-a61140eecd72', 'HW-618-033-991', 'SA-15', 'FOLLOW_UP', 2, 1, 1, '2026-11-29', NULL, NULL, NULL, NULL, NULL, 0, false, '2026-11-29 07:27:01.616401+00', 0, '2026-12-06', true, '{}', '{}', 4, '2027-03-13 17:00:01.05735+00'),
	('01a22633-4ec3-7f77-a2e8-aea77ce9d83d', 'HW-961-803-307', 'SA-04', 'CLOSED', 2, 1, 1, '2026-12-19', 'ASKED_TO_STOP', '2027-03-17 17:00:03.319548+00', NULL, NULL, NULL, 0, false, '2026-12-19 07:27:12.475357+00', 1, NULL, false, '{2026-12-19}', '{REACHED}', 3, '2027-03-17 17:00:03.319548+00'),
	('01a22633-4ec1-7aef-84ed-e809513ed2c1', 'HW-702-254-182', 'SA-04', 'CLOSED', 2, 1, 1, '2026-12-19', 'ASKED_TO_STOP', '2027-03-17 17:00:03.620727+00', NULL, NULL, NULL, 0, false, '2026-12-19 07:27:10.352901+00', 1, NULL, false, '{2026-12-19}', '{REACHED}', 3, '2027-03-17 17:00:03.620727+00'),
	('01a22633-4ec2-7394-82b4-db5aaa94198e', 'HW-402-003-749', 'SA-04', 'CLOSED', 2, 1, 1, '2026-12-19', 'ASKED_TO_STOP', '2027-03-17 17:00:03.790468+00', NULL, NULL, NULL, 0, false, '2026-12-19 07:27:11.543624+00', 1, NULL, false, '{2026-12-19}', '{REACHED}', 3, '2027-03-17 17:00:03.790468+00'),
	('01a22633-4ebe-71e0-a26f-bf82bc374bca', 'HW-923-606-716', 'SA-04', 'CLOSED', 2, 1, 1, '2026-12-19', 'ASKED_TO_STOP', '2027-03-17 17:00:26.693171+00', NULL, NULL, NULL, 0, false, '2026-12-19 07:27:07.297642+00', 1, NULL, false, '{2026-12-19}', '{REACHED}', 3, '2027-03-17 17:00:26.693171+00');
INSERT INTO public.inbox VALUES
	(1, 'followup', '01a22633-3992-7625-907c-582e5ff4b746', 'homeward.transfer.v1', 1, 0, 'homeward.events.v1.CustodyChanged', '01a22633-3747-77dd-af67-5357c9bfda63', 1, '2026-11-29 07:27:00.919345+00', '11377cd4-639a-4873-b253-caf9c928e01a', '\x0a2430316132323633332d333734372d373764642d616636372d353335376339626664613633120e48572d3230362d3031312d333335180120012a0e42502d434e2d4d4f4e472d43414938014a0c08c4a7afd80610e8aeb0b603', 'DONE', 1, '2026-11-29 07:27:01.080539+00', '', '2026-11-29 07:27:01.080539+00', '2026-11-29 07:27:01.139827+00', '', ''),
	(2, 'followup', '01a22633-397c-75d5-bd92-a0f11a149838', 'homeward.transfer.v1', 2, 0, 'homeward.events.v1.CustodyChanged', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 1, '2026-11-29 07:27:00.919345+00', '11377cd4-639a-4873-b253-caf9c928e01a', '\x0a2430316132323633332d333734362d376232662d613666332d336562396162393333306565120e48572d3830392d3031362d393433180120012a0e42502d434e2d4d4f4e472d43414938014a0c08c4a7afd80610e8aeb0b603', 'DONE', 1, '2026-11-29 07:27:01.080539+00', '', '2026-11-29 07:27:01.080539+00', '2026-11-29 07:27:01.139872+00', '', ''),
	(3, 'followup', '01a22633-3966-71b0-8310-1e6622e576f7', 'homeward.transfer.v1', 3, 0, 'homeward.events.v1.CustodyChanged', '01a22633-3745-75af-b7c8-a61140eecd72', 1, '2026-11-29 07:27:00.919345+00', '11377cd4-639a-4873-b253-caf9c928e01a', '\x0a2430316132323633332d333734352d373561662d623763382d613631313430656563643732120e48572d3631382d3033332d393931180120012a0e42502d434e2d4d4f4e472d43414938014a0c08c4a7afd80610e8aeb0b603', 'DONE', 1, '2026-11-29 07:27:01.080539+00', '', '2026-11-29 07:27:01.080539+00', '2026-11-29 07:27:01.139878+00', '', ''),
	(17, 'followup', '01a22633-473b-7c15-96a8-b435f515ce87', 'homeward.transfer.v1', 2, 5, 'homeward.events.v1.CustodyChanged', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 6, '2026-11-29 07:27:04.471555+00', '52b80580-cce1-48fd-9aac-75f82e8acb6a', '\x0a2430316132323633332d333734362d376232662d613666332d336562396162393333306565120e48572d3830392d3031362d393433180220072a0553412d3230320553412d323038064a0c08c8a7afd80610b8b7ede001', 'DONE', 1, '2026-11-29 07:27:04.542711+00', '', '2026-11-29 07:27:04.542711+00', '2026-11-29 07:27:04.597338+00', '', ''),
	(8, 'followup', '01a22633-3f04-7ed7-879e-cec628237aa5', 'homeward.transfer.v1', 2, 1, 'homeward.events.v1.TransferPlanned', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 2, '2026-11-29 07:27:02.388669+00', '3211fa0f-b997-486c-90d9-857acac4b326', '\x0a2430316132323633332d333734362d376232662d613666332d336562396162393333306565122430316132323633332d336566652d373833612d623638382d3461626166303835373434301a0e42502d434e2d4d4f4e472d434149220553412d32302a0a323032362d31312d3239320a323032362d31312d3330', 'DONE', 1, '2026-11-29 07:27:02.44091+00', '', '2026-11-29 07:27:02.44091+00', '2026-11-29 07:27:02.477467+00', '', ''),
	(4, 'followup', '01a22633-3afc-7e54-95ef-12c856fa80fa', 'homeward.transfer.v1', 3, 1, 'homeward.events.v1.TransferPlanned', '01a22633-3745-75af-b7c8-a61140eecd72', 2, '2026-11-29 07:27:01.336021+00', '204bd444-1e8c-4b04-b014-b8f81563db5c', '\x0a2430316132323633332d333734352d373561662d623763382d613631313430656563643732122430316132323633332d336164612d373938362d626431662d3564656331306630643861381a0e42502d434e2d4d4f4e472d434149220553412d31352a0a323032362d31312d3239320a323032362d31312d3330', 'DONE', 1, '2026-11-29 07:27:01.421959+00', '', '2026-11-29 07:27:01.421959+00', '2026-11-29 07:27:01.452033+00', '', ''),
	(5, 'followup', '01a22633-3afd-7f4d-a588-f48cbe403500', 'homeward.transfer.v1', 3, 2, 'homeward.events.v1.TransferDispatched', '01a22633-3745-75af-b7c8-a61140eecd72', 3, '2026-11-29 07:27:01.336021+00', '204bd444-1e8c-4b04-b014-b8f81563db5c', '\x0a2430316132323633332d333734352d373561662d623763382d613631313430656563643732122430316132323633332d336164612d373938362d626431662d3564656331306630643861381a0e42502d434e2d4d4f4e472d434149220553412d31352a0a323032362d31312d3239320a323032362d31312d33303a0a323032362d31322d3033420e48572d3631382d3033332d393931', 'DONE', 1, '2026-11-29 07:27:01.421959+00', '', '2026-11-29 07:27:01.421959+00', '2026-11-29 07:27:01.452074+00', '', ''),
	(9, 'followup', '01a22633-3f05-7240-a133-032db709e58b', 'homeward.transfer.v1', 2, 2, 'homeward.events.v1.TransferDispatched', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 3, '2026-11-29 07:27:02.388669+00', '3211fa0f-b997-486c-90d9-857acac4b326', '\x0a2430316132323633332d333734362d376232662d613666332d336562396162393333306565122430316132323633332d336566652d373833612d623638382d3461626166303835373434301a0e42502d434e2d4d4f4e472d434149220553412d32302a0a323032362d31312d3239320a323032362d31312d33303a0a323032362d31322d3033420e48572d3830392d3031362d393433', 'DONE', 1, '2026-11-29 07:27:02.44091+00', '', '2026-11-29 07:27:02.44091+00', '2026-11-29 07:27:02.477504+00', '', ''),
	(6, 'followup', '01a22633-3b7b-7d28-b3c8-16d7b4d8ed35', 'homeward.transfer.v1', 3, 3, 'homeward.events.v1.TransferAcknowledged', '01a22633-3745-75af-b7c8-a61140eecd72', 4, '2026-11-29 07:27:01.425921+00', '2233444e-6732-4401-8ef6-d9d308d31d49', '\x0a2430316132323633332d333734352d373561662d623763382d613631313430656563643732122430316132323633332d336164612d373938362d626431662d3564656331306630643861381a0e42502d434e2d4d4f4e472d434149220553412d31352a0a323032362d31312d3239', 'DONE', 1, '2026-11-29 07:27:01.594753+00', '', '2026-11-29 07:27:01.594753+00', '2026-11-29 07:27:01.647991+00', '', ''),
	(7, 'followup', '01a22633-3b7c-7e18-9ff4-51ae07aa4c77', 'homeward.transfer.v1', 3, 4, 'homeward.events.v1.CustodyChanged', '01a22633-3745-75af-b7c8-a61140eecd72', 5, '2026-11-29 07:27:01.425921+00', '2233444e-6732-4401-8ef6-d9d308d31d49', '\x0a2430316132323633332d333734352d373561662d623763382d613631313430656563643732120e48572d3631382d3033332d393931180220052a0553412d3135320e42502d434e2d4d4f4e472d4341493802420a323032362d31312d32394a0c08c5a7afd80610e8938ccb01', 'DONE', 1, '2026-11-29 07:27:01.594753+00', '', '2026-11-29 07:27:01.594753+00', '2026-11-29 07:27:01.648037+00', '', ''),
	(12, 'followup', '01a22633-42c9-73cf-b6a3-01b7a71787d6', 'homeward.transfer.v1', 1, 1, 'homeward.events.v1.TransferPlanned', '01a22633-3747-77dd-af67-5357c9bfda63', 2, '2026-11-29 07:27:03.344734+00', '2c6f0b47-3bf5-4026-a5b9-29bc7d561b11', '\x0a2430316132323633332d333734372d373764642d616636372d353335376339626664613633122430316132323633332d343262372d376330642d393364632d6664343336386530373266341a0e42502d434e2d4d4f4e472d434149220553412d32302a0a323032362d31312d3239320a323032362d31312d3330', 'DONE', 1, '2026-11-29 07:27:03.398336+00', '', '2026-11-29 07:27:03.398336+00', '2026-11-29 07:27:03.425075+00', '', ''),
	(13, 'followup', '01a22633-42ca-7b37-99cb-9aea27389fed', 'homeward.transfer.v1', 1, 2, 'homeward.events.v1.TransferDispatched', '01a22633-3747-77dd-af67-5357c9bfda63', 3, '2026-11-29 07:27:03.344734+00', '2c6f0b47-3bf5-4026-a5b9-29bc7d561b11', '\x0a2430316132323633332d333734372d373764642d616636372d353335376339626664613633122430316132323633332d343262372d376330642d393364632d6664343336386530373266341a0e42502d434e2d4d4f4e472d434149220553412d32302a0a323032362d31312d3239320a323032362d31312d33303a0a323032362d31322d3033420e48572d3230362d3031312d333335', 'DONE', 1, '2026-11-29 07:27:03.398336+00', '', '2026-11-29 07:27:03.398336+00', '2026-11-29 07:27:03.425113+00', '', ''),
	(10, 'followup', '01a22633-3f30-78f9-9802-1045a38b5c05', 'homeward.transfer.v1', 2, 3, 'homeward.events.v1.TransferAcknowledged', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 4, '2026-11-29 07:27:02.429443+00', 'e3c22eb3-a7a1-47f9-a570-e904189fbc48', '\x0a2430316132323633332d333734362d376232662d613666332d336562396162393333306565122430316132323633332d336566652d373833612d623638382d3461626166303835373434301a0e42502d434e2d4d4f4e472d434149220553412d32302a0a323032362d31312d3239', 'DONE', 1, '2026-11-29 07:27:02.488006+00', '', '2026-11-29 07:27:02.488006+00', '2026-11-29 07:27:02.520768+00', '', ''),
	(11, 'followup', '01a22633-3f31-729f-90f9-ce675a9cc0c0', 'homeward.transfer.v1', 2, 4, 'homeward.events.v1.CustodyChanged', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 5, '2026-11-29 07:27:02.429443+00', 'e3c22eb3-a7a1-47f9-a570-e904189fbc48', '\x0a2430316132323633332d333734362d376232662d613666332d336562396162393333306565120e48572d3830392d3031362d393433180220052a0553412d3230320e42502d434e2d4d4f4e472d4341493802420a323032362d31312d32394a0c08c6a7afd80610b88fe3cc01', 'DONE', 1, '2026-11-29 07:27:02.488006+00', '', '2026-11-29 07:27:02.488006+00', '2026-11-29 07:27:02.520812+00', '', ''),
	(16, 'followup', '01a22633-46ea-70bc-9d9c-d0800c711ac4', 'homeward.transfer.v1', 1, 5, 'homeward.events.v1.CustodyChanged', '01a22633-3747-77dd-af67-5357c9bfda63', 6, '2026-11-29 07:27:04.407968+00', '5e7633f9-2aeb-4fd4-92e4-be95fd5b8473', '\x0a2430316132323633332d333734372d373764642d616636372d353335376339626664613633120e48572d3230362d3031312d333335180220072a0553412d3230320553412d323038064a0c08c8a7afd8061080b2c4c201', 'DONE', 1, '2026-11-29 07:27:04.462579+00', '', '2026-11-29 07:27:04.462579+00', '2026-11-29 07:27:04.503554+00', '', ''),
	(14, 'followup', '01a22633-42fd-7699-840c-5e631d47bb66', 'homeward.transfer.v1', 1, 3, 'homeward.events.v1.TransferAcknowledged', '01a22633-3747-77dd-af67-5357c9bfda63', 4, '2026-11-29 07:27:03.400016+00', 'c1d56ea1-c922-4c3e-9676-b092805687a3', '\x0a2430316132323633332d333734372d373764642d616636372d353335376339626664613633122430316132323633332d343262372d376330642d393364632d6664343336386530373266341a0e42502d434e2d4d4f4e472d434149220553412d32302a0a323032362d31312d3239', 'DONE', 1, '2026-11-29 07:27:03.452582+00', '', '2026-11-29 07:27:03.452582+00', '2026-11-29 07:27:03.476575+00', '', ''),
	(15, 'followup', '01a22633-42fe-718f-8c33-8a7d8d1437d0', 'homeward.transfer.v1', 1, 4, 'homeward.events.v1.CustodyChanged', '01a22633-3747-77dd-af67-5357c9bfda63', 5, '2026-11-29 07:27:03.400016+00', 'c1d56ea1-c922-4c3e-9676-b092805687a3', '\x0a2430316132323633332d333734372d373764642d616636372d353335376339626664613633120e48572d3230362d3031312d333335180220052a0553412d3230320e42502d434e2d4d4f4e472d4341493802420a323032362d31312d32394a0c08c7a7afd806108085dfbe01', 'DONE', 1, '2026-11-29 07:27:03.452582+00', '', '2026-11-29 07:27:03.452582+00', '2026-11-29 07:27:03.476608+00', '', ''),
	(18, 'followup', '01a22633-4864-7f49-bbf5-ea89e0b47628', 'homeward.transfer.v1', 2, 6, 'homeward.events.v1.CustodyChanged', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 7, '2026-11-29 07:27:04.77427+00', '030256bf-992e-4a4a-9591-a44474e20fb1', '\x0a2430316132323633332d333734362d376232662d613666332d336562396162393333306565120e48572d3830392d3031362d393433180320062a0553412d3230320553412d323038074a0c08c8a7afd80610b0d899f102', 'DONE', 1, '2026-11-29 07:27:04.859604+00', '', '2026-11-29 07:27:04.859604+00', '2026-11-29 07:27:04.883573+00', '', ''),
	(35, 'followup', '01a22633-57fc-79d2-8291-034d3e1f0fc2', 'homeward.transfer.v1', 3, 11, 'homeward.events.v1.TransferPlanned', '01a22633-4ebf-715a-adf4-35feb300e901', 2, '2026-12-19 07:27:08.130047+00', '63e31e15-c859-49ee-84a3-3b73035f7dad', '\x0a2430316132323633332d346562662d373135612d616466342d333566656233303065393031122430316132323633332d353766322d373362372d613834332d6132666664363163376563331a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d3230', 'DONE', 1, '2026-11-29 07:27:08.852682+00', '', '2026-11-29 07:27:08.852682+00', '2026-11-29 07:27:08.878467+00', '', ''),
	(27, 'followup', '01a22633-5027-7994-b591-9839be5d59d6', 'homeward.transfer.v1', 0, 4, 'homeward.events.v1.TransferPlanned', '01a22633-4ebd-7df8-9ac7-d027b653756d', 2, '2026-12-19 07:27:06.119435+00', '50eca058-284c-4360-99e9-c80c0b74d7cb', '\x0a2430316132323633332d346562642d376466382d396163372d643032376236353337353664122430316132323633332d353031622d376134332d613831392d3632346431343461623461371a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d3230', 'DONE', 1, '2026-11-29 07:27:06.830629+00', '', '2026-11-29 07:27:06.830629+00', '2026-11-29 07:27:06.851563+00', '', '');
INSERT INTO public.inbox VALUES
	(28, 'followup', '01a22633-5028-75f8-85ee-4dd2881be77d', 'homeward.transfer.v1', 0, 5, 'homeward.events.v1.TransferDispatched', '01a22633-4ebd-7df8-9ac7-d027b653756d', 3, '2026-12-19 07:27:06.119435+00', '50eca058-284c-4360-99e9-c80c0b74d7cb', '\x0a2430316132323633332d346562642d376466382d396163372d643032376236353337353664122430316132323633332d353031622d376134332d613831392d3632346431343461623461371a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d32303a0a323032362d31322d3233420e48572d3430342d3530382d343730', 'DONE', 1, '2026-11-29 07:27:06.830629+00', '', '2026-11-29 07:27:06.830629+00', '2026-11-29 07:27:06.851595+00', '', ''),
	(19, 'followup', '01a22633-4efa-7b30-b2ad-de2256e489ab', 'homeward.transfer.v1', 0, 0, 'homeward.events.v1.CustodyChanged', '01a22633-4ebd-7df8-9ac7-d027b653756d', 1, '2026-12-19 07:27:05.825729+00', 'b301a7a6-5357-4eba-89e8-0baee5e5f4b4', '\x0a2430316132323633332d346562642d376466382d396163372d643032376236353337353664120e48572d3430342d3530382d343730180120012a0e42502d434e2d4d4f4e472d43414938014a0c08c9e398d90610e8bfde8903', 'DONE', 1, '2026-11-29 07:27:06.626794+00', '', '2026-11-29 07:27:06.626794+00', '2026-11-29 07:27:06.67349+00', '', ''),
	(24, 'followup', '01a22633-4f1d-7e9e-bdaf-e276b12b4911', 'homeward.transfer.v1', 3, 6, 'homeward.events.v1.CustodyChanged', '01a22633-4ebf-715a-adf4-35feb300e901', 1, '2026-12-19 07:27:05.825729+00', 'b301a7a6-5357-4eba-89e8-0baee5e5f4b4', '\x0a2430316132323633332d346562662d373135612d616466342d333566656233303065393031120e48572d3630332d3030352d363131180120012a0e42502d434e2d4d4f4e472d43414938014a0c08c9e398d90610e8bfde8903', 'DONE', 1, '2026-11-29 07:27:06.626794+00', '', '2026-11-29 07:27:06.626794+00', '2026-11-29 07:27:06.673536+00', '', ''),
	(25, 'followup', '01a22633-4f3c-7dc1-83b8-85dde1bf7025', 'homeward.transfer.v1', 0, 2, 'homeward.events.v1.CustodyChanged', '01a22633-4ec1-7aef-84ed-e809513ed2c1', 1, '2026-12-19 07:27:05.825729+00', 'b301a7a6-5357-4eba-89e8-0baee5e5f4b4', '\x0a2430316132323633332d346563312d376165662d383465642d653830393531336564326331120e48572d3730322d3235342d313832180120012a0e42502d434e2d4d4f4e472d43414938014a0c08c9e398d90610e8bfde8903', 'DONE', 1, '2026-11-29 07:27:06.626794+00', '', '2026-11-29 07:27:06.626794+00', '2026-11-29 07:27:06.673542+00', '', ''),
	(21, 'followup', '01a22633-4f57-7ed9-b265-d31e1acf8e79', 'homeward.transfer.v1', 2, 7, 'homeward.events.v1.CustodyChanged', '01a22633-4ec4-78e4-9a05-4c148632f47f', 1, '2026-12-19 07:27:05.825729+00', 'b301a7a6-5357-4eba-89e8-0baee5e5f4b4', '\x0a2430316132323633332d346563342d373865342d396130352d346331343836333266343766120e48572d3233382d3030332d303739180120012a0e42502d434e2d4d4f4e472d43414938014a0c08c9e398d90610e8bfde8903', 'DONE', 1, '2026-11-29 07:27:06.626794+00', '', '2026-11-29 07:27:06.626794+00', '2026-11-29 07:27:06.673546+00', '', ''),
	(26, 'followup', '01a22633-4f44-7c99-89a3-caef180d4b88', 'homeward.transfer.v1', 0, 3, 'homeward.events.v1.CustodyChanged', '01a22633-4ec2-7394-82b4-db5aaa94198e', 1, '2026-12-19 07:27:05.825729+00', 'b301a7a6-5357-4eba-89e8-0baee5e5f4b4', '\x0a2430316132323633332d346563322d373339342d383262342d646235616161393431393865120e48572d3430322d3030332d373439180120012a0e42502d434e2d4d4f4e472d43414938014a0c08c9e398d90610e8bfde8903', 'DONE', 1, '2026-11-29 07:27:06.626794+00', '', '2026-11-29 07:27:06.626794+00', '2026-11-29 07:27:06.67355+00', '', ''),
	(23, 'followup', '01a22633-4f2f-7ec6-adc0-6f7e3e36f1c6', 'homeward.transfer.v1', 0, 1, 'homeward.events.v1.CustodyChanged', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', 1, '2026-12-19 07:27:05.825729+00', 'b301a7a6-5357-4eba-89e8-0baee5e5f4b4', '\x0a2430316132323633332d346563302d376438382d613638332d613735336361346264316337120e48572d3038382d3239302d353734180120012a0e42502d434e2d4d4f4e472d43414938014a0c08c9e398d90610e8bfde8903', 'DONE', 1, '2026-11-29 07:27:06.626794+00', '', '2026-11-29 07:27:06.626794+00', '2026-11-29 07:27:06.673553+00', '', ''),
	(22, 'followup', '01a22633-4f50-71b8-965f-add30d6ba5cf', 'homeward.transfer.v1', 1, 6, 'homeward.events.v1.CustodyChanged', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', 1, '2026-12-19 07:27:05.825729+00', 'b301a7a6-5357-4eba-89e8-0baee5e5f4b4', '\x0a2430316132323633332d346563332d376637372d613265382d616561373763653964383364120e48572d3936312d3830332d333037180120012a0e42502d434e2d4d4f4e472d43414938014a0c08c9e398d90610e8bfde8903', 'DONE', 1, '2026-11-29 07:27:06.626794+00', '', '2026-11-29 07:27:06.626794+00', '2026-11-29 07:27:06.673557+00', '', ''),
	(20, 'followup', '01a22633-4f08-7e1f-b078-4c2067fa1be8', 'homeward.transfer.v1', 3, 5, 'homeward.events.v1.CustodyChanged', '01a22633-4ebe-71e0-a26f-bf82bc374bca', 1, '2026-12-19 07:27:05.825729+00', 'b301a7a6-5357-4eba-89e8-0baee5e5f4b4', '\x0a2430316132323633332d346562652d373165302d613236662d626638326263333734626361120e48572d3932332d3630362d373136180120012a0e42502d434e2d4d4f4e472d43414938014a0c08c9e398d90610e8bfde8903', 'DONE', 1, '2026-11-29 07:27:06.626794+00', '', '2026-11-29 07:27:06.626794+00', '2026-11-29 07:27:06.67356+00', '', ''),
	(29, 'followup', '01a22633-505b-74b8-a8c0-4a335d4760df', 'homeward.transfer.v1', 0, 6, 'homeward.events.v1.TransferAcknowledged', '01a22633-4ebd-7df8-9ac7-d027b653756d', 4, '2026-12-19 07:27:06.164661+00', 'b82b159c-59c8-49c1-bb20-1b27cd4b624d', '\x0a2430316132323633332d346562642d376466382d396163372d643032376236353337353664122430316132323633332d353031622d376134332d613831392d3632346431343461623461371a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:27:06.88047+00', '', '2026-11-29 07:27:06.88047+00', '2026-11-29 07:27:06.937529+00', '', ''),
	(30, 'followup', '01a22633-505c-7d55-94ce-924ebaa2e67b', 'homeward.transfer.v1', 0, 7, 'homeward.events.v1.CustodyChanged', '01a22633-4ebd-7df8-9ac7-d027b653756d', 5, '2026-12-19 07:27:06.164661+00', 'b82b159c-59c8-49c1-bb20-1b27cd4b624d', '\x0a2430316132323633332d346562642d376466382d396163372d643032376236353337353664120e48572d3430342d3530382d343730180220052a0553412d3034320e42502d434e2d4d4f4e472d4341493802420a323032362d31322d31394a0b08cae398d90610888ec24e', 'DONE', 1, '2026-11-29 07:27:06.88047+00', '', '2026-11-29 07:27:06.88047+00', '2026-11-29 07:27:06.93756+00', '', ''),
	(31, 'followup', '01a22633-5427-77c2-a595-a445fe9ede8f', 'homeward.transfer.v1', 3, 7, 'homeward.events.v1.TransferPlanned', '01a22633-4ebe-71e0-a26f-bf82bc374bca', 2, '2026-12-19 07:27:07.153424+00', 'c68cf46f-9a0d-4aa4-a17c-41a54b6a5e1d', '\x0a2430316132323633332d346562652d373165302d613236662d626638326263333734626361122430316132323633332d353432302d373338642d393365622d6235373437346435656262321a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d3230', 'DONE', 1, '2026-11-29 07:27:07.84705+00', '', '2026-11-29 07:27:07.84705+00', '2026-11-29 07:27:07.869718+00', '', ''),
	(32, 'followup', '01a22633-5428-7548-97cd-41655c4f2925', 'homeward.transfer.v1', 3, 8, 'homeward.events.v1.TransferDispatched', '01a22633-4ebe-71e0-a26f-bf82bc374bca', 3, '2026-12-19 07:27:07.153424+00', 'c68cf46f-9a0d-4aa4-a17c-41a54b6a5e1d', '\x0a2430316132323633332d346562652d373165302d613236662d626638326263333734626361122430316132323633332d353432302d373338642d393365622d6235373437346435656262321a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d32303a0a323032362d31322d3233420e48572d3932332d3630362d373136', 'DONE', 1, '2026-11-29 07:27:07.84705+00', '', '2026-11-29 07:27:07.84705+00', '2026-11-29 07:27:07.869763+00', '', ''),
	(33, 'followup', '01a22633-5461-734c-92f6-88d195c70e3f', 'homeward.transfer.v1', 3, 9, 'homeward.events.v1.TransferAcknowledged', '01a22633-4ebe-71e0-a26f-bf82bc374bca', 4, '2026-12-19 07:27:07.193041+00', 'ed393c61-d0a8-44a3-bb3f-764458c24bf1', '\x0a2430316132323633332d346562652d373165302d613236662d626638326263333734626361122430316132323633332d353432302d373338642d393365622d6235373437346435656262321a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:27:07.919205+00', '', '2026-11-29 07:27:07.919205+00', '2026-11-29 07:27:07.954776+00', '', ''),
	(34, 'followup', '01a22633-5462-751c-93fe-9c9052a372bb', 'homeward.transfer.v1', 3, 10, 'homeward.events.v1.CustodyChanged', '01a22633-4ebe-71e0-a26f-bf82bc374bca', 5, '2026-12-19 07:27:07.193041+00', 'ed393c61-d0a8-44a3-bb3f-764458c24bf1', '\x0a2430316132323633332d346562652d373165302d613236662d626638326263333734626361120e48572d3932332d3630362d373136180220052a0553412d3034320e42502d434e2d4d4f4e472d4341493802420a323032362d31322d31394a0b08cbe398d90610e8a4865c', 'DONE', 1, '2026-11-29 07:27:07.919205+00', '', '2026-11-29 07:27:07.919205+00', '2026-11-29 07:27:07.954814+00', '', ''),
	(63, 'followup', '01a22633-7c5f-7f65-8c14-62706ddfa9cf', 'homeward.transfer.v1', 2, 13, 'homeward.events.v1.TransferPlanned', '01a22633-7b91-7b46-9898-49c78cfda67a', 2, '2027-02-28 17:00:00.877286+00', 'cbab170b-a731-410c-86a3-b98c107c23e4', '\x0a2430316132323633332d376239312d376234362d393839382d343963373863666461363761122430316132323633332d376334622d373566322d613466382d3665316434623963316561371a0e42502d434e2d4d4f4e472d434149220553412d31342a0a323032372d30332d3031320a323032372d30332d3032', 'DONE', 1, '2026-11-29 07:27:18.171201+00', '', '2026-11-29 07:27:18.171201+00', '2026-11-29 07:27:18.196379+00', '', ''),
	(36, 'followup', '01a22633-57fd-78cf-882e-20df642cc549', 'homeward.transfer.v1', 3, 12, 'homeward.events.v1.TransferDispatched', '01a22633-4ebf-715a-adf4-35feb300e901', 3, '2026-12-19 07:27:08.130047+00', '63e31e15-c859-49ee-84a3-3b73035f7dad', '\x0a2430316132323633332d346562662d373135612d616466342d333566656233303065393031122430316132323633332d353766322d373362372d613834332d6132666664363163376563331a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d32303a0a323032362d31322d3233420e48572d3630332d3030352d363131', 'DONE', 1, '2026-11-29 07:27:08.852682+00', '', '2026-11-29 07:27:08.852682+00', '2026-11-29 07:27:08.878504+00', '', ''),
	(47, 'followup', '01a22633-64ce-7283-9952-71abd8dc990f', 'homeward.transfer.v1', 0, 16, 'homeward.events.v1.TransferPlanned', '01a22633-4ec2-7394-82b4-db5aaa94198e', 2, '2026-12-19 07:27:11.396002+00', '8b935c5f-6c88-47a9-96f1-8012b3d45cbd', '\x0a2430316132323633332d346563322d373339342d383262342d646235616161393431393865122430316132323633332d363462652d373866642d613062622d3830373930343836366237361a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d3230', 'DONE', 1, '2026-11-29 07:27:12.112963+00', '', '2026-11-29 07:27:12.112963+00', '2026-11-29 07:27:12.141156+00', '', ''),
	(48, 'followup', '01a22633-64cf-7c3d-9f25-745ab555373e', 'homeward.transfer.v1', 0, 17, 'homeward.events.v1.TransferDispatched', '01a22633-4ec2-7394-82b4-db5aaa94198e', 3, '2026-12-19 07:27:11.396002+00', '8b935c5f-6c88-47a9-96f1-8012b3d45cbd', '\x0a2430316132323633332d346563322d373339342d383262342d646235616161393431393865122430316132323633332d363462652d373866642d613062622d3830373930343836366237361a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d32303a0a323032362d31322d3233420e48572d3430322d3030332d373439', 'DONE', 1, '2026-11-29 07:27:12.112963+00', '', '2026-11-29 07:27:12.112963+00', '2026-11-29 07:27:12.141193+00', '', ''),
	(51, 'followup', '01a22633-6881-7433-b857-009e47f73789', 'homeward.transfer.v1', 1, 7, 'homeward.events.v1.TransferPlanned', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', 2, '2026-12-19 07:27:12.369854+00', '436d02c9-4092-4f37-92e2-62330f7e8c2e', '\x0a2430316132323633332d346563332d376637372d613265382d616561373763653964383364122430316132323633332d363837642d373635362d626335322d6663666436663533316462651a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d3230', 'DONE', 1, '2026-11-29 07:27:13.049791+00', '', '2026-11-29 07:27:13.049791+00', '2026-11-29 07:27:13.063035+00', '', '');
INSERT INTO public.inbox VALUES
	(52, 'followup', '01a22633-6882-7738-bcd4-3a49952cedfc', 'homeward.transfer.v1', 1, 8, 'homeward.events.v1.TransferDispatched', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', 3, '2026-12-19 07:27:12.369854+00', '436d02c9-4092-4f37-92e2-62330f7e8c2e', '\x0a2430316132323633332d346563332d376637372d613265382d616561373763653964383364122430316132323633332d363837642d373635362d626335322d6663666436663533316462651a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d32303a0a323032362d31322d3233420e48572d3936312d3830332d333037', 'DONE', 1, '2026-11-29 07:27:13.049791+00', '', '2026-11-29 07:27:13.049791+00', '2026-11-29 07:27:13.063067+00', '', ''),
	(55, 'followup', '01a22633-6bdf-765d-8ccd-acb075d0f8d2', 'homeward.transfer.v1', 2, 8, 'homeward.events.v1.TransferPlanned', '01a22633-4ec4-78e4-9a05-4c148632f47f', 2, '2026-12-19 07:27:13.212344+00', '12d2ae81-644d-4787-bd11-04f62c5a304e', '\x0a2430316132323633332d346563342d373865342d396130352d346331343836333266343766122430316132323633332d366264352d373232362d613166312d6134653537653936323937371a0e42502d434e2d4d4f4e472d434149220553412d33382a0a323032362d31322d3139320a323032362d31322d3230', 'DONE', 1, '2026-11-29 07:27:13.923556+00', '', '2026-11-29 07:27:13.923556+00', '2026-11-29 07:27:13.933936+00', '', ''),
	(56, 'followup', '01a22633-6be0-7ed2-afd2-f9fb9c0f2152', 'homeward.transfer.v1', 2, 9, 'homeward.events.v1.TransferDispatched', '01a22633-4ec4-78e4-9a05-4c148632f47f', 3, '2026-12-19 07:27:13.212344+00', '12d2ae81-644d-4787-bd11-04f62c5a304e', '\x0a2430316132323633332d346563342d373865342d396130352d346331343836333266343766122430316132323633332d366264352d373232362d613166312d6134653537653936323937371a0e42502d434e2d4d4f4e472d434149220553412d33382a0a323032362d31322d3139320a323032362d31322d32303a0a323032362d31322d3233420e48572d3233382d3030332d303739', 'DONE', 1, '2026-11-29 07:27:13.923556+00', '', '2026-11-29 07:27:13.923556+00', '2026-11-29 07:27:13.933974+00', '', ''),
	(53, 'followup', '01a22633-68aa-7a0a-90a1-73e0ec7716f4', 'homeward.transfer.v1', 1, 9, 'homeward.events.v1.TransferAcknowledged', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', 4, '2026-12-19 07:27:12.385006+00', '8884e9b0-5eee-405d-a909-81c3a72a6790', '\x0a2430316132323633332d346563332d376637372d613265382d616561373763653964383364122430316132323633332d363837642d373635362d626335322d6663666436663533316462651a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:27:13.109777+00', '', '2026-11-29 07:27:13.109777+00', '2026-11-29 07:27:13.141374+00', '', ''),
	(54, 'followup', '01a22633-68ab-7447-b565-10fcfd8e9a0c', 'homeward.transfer.v1', 1, 10, 'homeward.events.v1.CustodyChanged', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', 5, '2026-12-19 07:27:12.385006+00', '8884e9b0-5eee-405d-a909-81c3a72a6790', '\x0a2430316132323633332d346563332d376637372d613265382d616561373763653964383364120e48572d3936312d3830332d333037180220052a0553412d3034320e42502d434e2d4d4f4e472d4341493802420a323032362d31322d31394a0c08d0e398d90610b0f3cab701', 'DONE', 1, '2026-11-29 07:27:13.109777+00', '', '2026-11-29 07:27:13.109777+00', '2026-11-29 07:27:13.141403+00', '', ''),
	(61, 'followup', '01a22633-70e1-71b3-8113-23beed39aa15', 'homeward.office.v1', 0, 2, 'homeward.events.v1.CalendarChanged', '6f0c4c5e-0b6b-5d0e-9a34-3f1d6f0e8a11', 3, '2026-12-19 07:27:14.495828+00', '6868e1b1-3485-487f-88ae-5a1f60f5ef3b', '\x0801120c0a0a323032372d30372d3037', 'DONE', 1, '2026-11-29 07:27:15.22226+00', '', '2026-11-29 07:27:15.22226+00', '2026-11-29 07:27:15.274585+00', '', ''),
	(64, 'followup', '01a22633-7c60-7885-be9c-a648a3d60294', 'homeward.transfer.v1', 2, 14, 'homeward.events.v1.TransferDispatched', '01a22633-7b91-7b46-9898-49c78cfda67a', 3, '2027-02-28 17:00:00.877286+00', 'cbab170b-a731-410c-86a3-b98c107c23e4', '\x0a2430316132323633332d376239312d376234362d393839382d343963373863666461363761122430316132323633332d376334622d373566322d613466382d3665316434623963316561371a0e42502d434e2d4d4f4e472d434149220553412d31342a0a323032372d30332d3031320a323032372d30332d30323a0a323032372d30332d3035420e48572d3830312d3530322d373533', 'DONE', 1, '2026-11-29 07:27:18.171201+00', '', '2026-11-29 07:27:18.171201+00', '2026-11-29 07:27:18.196412+00', '', ''),
	(57, 'followup', '01a22633-6c40-7d97-b4bb-a1c0a23125c7', 'homeward.transfer.v1', 2, 10, 'homeward.events.v1.TransferAcknowledged', '01a22633-4ec4-78e4-9a05-4c148632f47f', 4, '2026-12-19 07:27:13.278645+00', '464c2778-a615-4b80-b9f0-5f5b9717627a', '\x0a2430316132323633332d346563342d373865342d396130352d346331343836333266343766122430316132323633332d366264352d373232362d613166312d6134653537653936323937371a0e42502d434e2d4d4f4e472d434149220553412d33382a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:27:14.034701+00', '', '2026-11-29 07:27:14.034701+00', '2026-11-29 07:27:14.06653+00', '', ''),
	(58, 'followup', '01a22633-6c41-7676-8cf5-7385640056bb', 'homeward.transfer.v1', 2, 11, 'homeward.events.v1.CustodyChanged', '01a22633-4ec4-78e4-9a05-4c148632f47f', 5, '2026-12-19 07:27:13.278645+00', '464c2778-a615-4b80-b9f0-5f5b9717627a', '\x0a2430316132323633332d346563342d373865342d396130352d346331343836333266343766120e48572d3233382d3030332d303739180220052a0553412d3338320e42502d434e2d4d4f4e472d4341493802420a323032362d31322d31394a0c08d1e398d906108892ef8401', 'DONE', 1, '2026-11-29 07:27:14.034701+00', '', '2026-11-29 07:27:14.034701+00', '2026-11-29 07:27:14.066566+00', '', ''),
	(72, 'followup', '01a22633-8618-7c47-8055-63a58183af23', 'homeward.transfer.v1', 2, 21, 'homeward.events.v1.TransferPlanned', '01a22633-84bb-71e1-8da2-2002f68cd27b', 2, '2027-03-09 17:00:01.001289+00', '3fa18b87-828e-4941-a74c-37f9ead5d14d', '\x0a2430316132323633332d383462622d373165312d386461322d323030326636386364323762122430316132323633332d383630622d376239372d383562612d6339353538653661616239651a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32322a0a323032372d30332d3130320a323032372d30332d3131', 'DONE', 1, '2026-11-29 07:27:20.645914+00', '', '2026-11-29 07:27:20.645914+00', '2026-11-29 07:27:20.694469+00', '', ''),
	(73, 'followup', '01a22633-8619-7d59-8336-6395d54f1740', 'homeward.transfer.v1', 2, 22, 'homeward.events.v1.TransferDispatched', '01a22633-84bb-71e1-8da2-2002f68cd27b', 3, '2027-03-09 17:00:01.001289+00', '3fa18b87-828e-4941-a74c-37f9ead5d14d', '\x0a2430316132323633332d383462622d373165312d386461322d323030326636386364323762122430316132323633332d383630622d376239372d383562612d6339353538653661616239651a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32322a0a323032372d30332d3130320a323032372d30332d31313a0a323032372d30332d3136420e48572d3534342d3134352d323334', 'DONE', 1, '2026-11-29 07:27:20.645914+00', '', '2026-11-29 07:27:20.645914+00', '2026-11-29 07:27:20.69451+00', '', ''),
	(43, 'followup', '01a22633-6044-7d52-bebc-1a1b387968a9', 'homeward.transfer.v1', 0, 12, 'homeward.events.v1.TransferPlanned', '01a22633-4ec1-7aef-84ed-e809513ed2c1', 2, '2026-12-19 07:27:10.254597+00', '2742b4fa-3c08-47d4-9187-9e7bfb9b4ed2', '\x0a2430316132323633332d346563312d376165662d383465642d653830393531336564326331122430316132323633332d363033642d373766312d626463312d3037323439383166356431651a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d3230', 'DONE', 1, '2026-11-29 07:27:10.940229+00', '', '2026-11-29 07:27:10.940229+00', '2026-11-29 07:27:10.948385+00', '', ''),
	(38, 'followup', '01a22633-583f-7fe7-b358-504d4d696444', 'homeward.transfer.v1', 3, 14, 'homeward.events.v1.CustodyChanged', '01a22633-4ebf-715a-adf4-35feb300e901', 5, '2026-12-19 07:27:08.160632+00', '6ecd2f1c-e201-4703-8821-97a6d9a44d5d', '\x0a2430316132323633332d346562662d373135612d616466342d333566656233303065393031120e48572d3630332d3030352d363131180220052a0553412d3034320e42502d434e2d4d4f4e472d4341493802420a323032362d31322d31394a0b08cce398d90610c099cc4c', 'DONE', 1, '2026-11-29 07:27:08.892313+00', '', '2026-11-29 07:27:08.892313+00', '2026-11-29 07:27:08.927731+00', '', ''),
	(37, 'followup', '01a22633-583e-7dde-83a0-7d32ecf9cb6c', 'homeward.transfer.v1', 3, 13, 'homeward.events.v1.TransferAcknowledged', '01a22633-4ebf-715a-adf4-35feb300e901', 4, '2026-12-19 07:27:08.160632+00', '6ecd2f1c-e201-4703-8821-97a6d9a44d5d', '\x0a2430316132323633332d346562662d373135612d616466342d333566656233303065393031122430316132323633332d353766322d373362372d613834332d6132666664363163376563331a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:27:08.892313+00', '', '2026-11-29 07:27:08.892313+00', '2026-11-29 07:27:08.927769+00', '', ''),
	(44, 'followup', '01a22633-6045-7599-a455-0e6213475a97', 'homeward.transfer.v1', 0, 13, 'homeward.events.v1.TransferDispatched', '01a22633-4ec1-7aef-84ed-e809513ed2c1', 3, '2026-12-19 07:27:10.254597+00', '2742b4fa-3c08-47d4-9187-9e7bfb9b4ed2', '\x0a2430316132323633332d346563312d376165662d383465642d653830393531336564326331122430316132323633332d363033642d373766312d626463312d3037323439383166356431651a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d32303a0a323032362d31322d3233420e48572d3730322d3235342d313832', 'DONE', 1, '2026-11-29 07:27:10.940229+00', '', '2026-11-29 07:27:10.940229+00', '2026-11-29 07:27:10.948417+00', '', ''),
	(39, 'followup', '01a22633-5cae-7536-ae58-fc0bb090a272', 'homeward.transfer.v1', 0, 8, 'homeward.events.v1.TransferPlanned', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', 2, '2026-12-19 07:27:09.317505+00', '3733472f-fda0-4ce0-83bf-5149e373575a', '\x0a2430316132323633332d346563302d376438382d613638332d613735336361346264316337122430316132323633332d356339632d376363302d383165612d3839666261363130393834631a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d3230', 'DONE', 1, '2026-11-29 07:27:10.017574+00', '', '2026-11-29 07:27:10.017574+00', '2026-11-29 07:27:10.053064+00', '', ''),
	(40, 'followup', '01a22633-5caf-7fc2-900e-9ddfdcbd9b41', 'homeward.transfer.v1', 0, 9, 'homeward.events.v1.TransferDispatched', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', 3, '2026-12-19 07:27:09.317505+00', '3733472f-fda0-4ce0-83bf-5149e373575a', '\x0a2430316132323633332d346563302d376438382d613638332d613735336361346264316337122430316132323633332d356339632d376363302d383165612d3839666261363130393834631a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139320a323032362d31322d32303a0a323032362d31322d3233420e48572d3038382d3239302d353734', 'DONE', 1, '2026-11-29 07:27:10.017574+00', '', '2026-11-29 07:27:10.017574+00', '2026-11-29 07:27:10.053104+00', '', ''),
	(60, 'followup', '01a22633-7079-7555-8da7-7f54787bba23', 'homeward.office.v1', 0, 1, 'homeward.events.v1.RuleChanged', '6f0c4c5e-0b6b-5d0e-9a34-3f1d6f0e8a11', 2, '2026-12-19 07:27:14.403473+00', 'a6200466-c4a8-4754-90cc-6ca94c691944', '\x0a0f5345415243485f455343414c41544510021809220d43414c454e4441525f444159532a06504f4c4943593213496e76656e7465642063697263756c617220313a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:27:15.113891+00', '', '2026-11-29 07:27:15.113891+00', '2026-11-29 07:27:15.162525+00', '', ''),
	(41, 'followup', '01a22633-5cdc-787e-80ee-1a8eaf540767', 'homeward.transfer.v1', 0, 10, 'homeward.events.v1.TransferAcknowledged', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', 4, '2026-12-19 07:27:09.355268+00', '632e2bad-aa01-412b-9c5b-13cd6260aac0', '\x0a2430316132323633332d346563302d376438382d613638332d613735336361346264316337122430316132323633332d356339632d376363302d383165612d3839666261363130393834631a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:27:10.087548+00', '', '2026-11-29 07:27:10.087548+00', '2026-11-29 07:27:10.133985+00', '', ''),
	(42, 'followup', '01a22633-5cdd-78af-9392-232abd50f1a0', 'homeward.transfer.v1', 0, 11, 'homeward.events.v1.CustodyChanged', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', 5, '2026-12-19 07:27:09.355268+00', '632e2bad-aa01-412b-9c5b-13cd6260aac0', '\x0a2430316132323633332d346563302d376438382d613638332d613735336361346264316337120e48572d3038382d3239302d353734180220052a0553412d3034320e42502d434e2d4d4f4e472d4341493802420a323032362d31322d31394a0c08cde398d90610a0ebb3a901', 'DONE', 1, '2026-11-29 07:27:10.087548+00', '', '2026-11-29 07:27:10.087548+00', '2026-11-29 07:27:10.134014+00', '', '');
INSERT INTO public.inbox VALUES
	(49, 'followup', '01a22633-6502-771e-88a9-344db0c92fd9', 'homeward.transfer.v1', 0, 18, 'homeward.events.v1.TransferAcknowledged', '01a22633-4ec2-7394-82b4-db5aaa94198e', 4, '2026-12-19 07:27:11.451855+00', 'f0bf7c8c-e302-4aa7-bca6-a6818c569285', '\x0a2430316132323633332d346563322d373339342d383262342d646235616161393431393865122430316132323633332d363462652d373866642d613062622d3830373930343836366237361a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:27:12.167477+00', '', '2026-11-29 07:27:12.167477+00', '2026-11-29 07:27:12.22118+00', '', ''),
	(50, 'followup', '01a22633-6503-7718-9723-292ecc2c1154', 'homeward.transfer.v1', 0, 19, 'homeward.events.v1.CustodyChanged', '01a22633-4ec2-7394-82b4-db5aaa94198e', 5, '2026-12-19 07:27:11.451855+00', 'f0bf7c8c-e302-4aa7-bca6-a6818c569285', '\x0a2430316132323633332d346563322d373339342d383262342d646235616161393431393865120e48572d3430322d3030332d373439180220052a0553412d3034320e42502d434e2d4d4f4e472d4341493802420a323032362d31322d31394a0c08cfe398d906109885bbd701', 'DONE', 1, '2026-11-29 07:27:12.167477+00', '', '2026-11-29 07:27:12.167477+00', '2026-11-29 07:27:12.221223+00', '', ''),
	(45, 'followup', '01a22633-6065-75eb-bd37-05253ced9595', 'homeward.transfer.v1', 0, 14, 'homeward.events.v1.TransferAcknowledged', '01a22633-4ec1-7aef-84ed-e809513ed2c1', 4, '2026-12-19 07:27:10.279161+00', 'd8086e7e-7adb-448a-bac4-60604b12dc16', '\x0a2430316132323633332d346563312d376165662d383465642d653830393531336564326331122430316132323633332d363033642d373766312d626463312d3037323439383166356431651a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032362d31322d3139', 'DONE', 1, '2026-11-29 07:27:10.990607+00', '', '2026-11-29 07:27:10.990607+00', '2026-11-29 07:27:11.026101+00', '', ''),
	(46, 'followup', '01a22633-6066-7c8e-9411-27615338ae33', 'homeward.transfer.v1', 0, 15, 'homeward.events.v1.CustodyChanged', '01a22633-4ec1-7aef-84ed-e809513ed2c1', 5, '2026-12-19 07:27:10.279161+00', 'd8086e7e-7adb-448a-bac4-60604b12dc16', '\x0a2430316132323633332d346563312d376165662d383465642d653830393531336564326331120e48572d3730322d3235342d313832180220052a0553412d3034320e42502d434e2d4d4f4e472d4341493802420a323032362d31322d31394a0c08cee398d90610a8d18e8501', 'DONE', 1, '2026-11-29 07:27:10.990607+00', '', '2026-11-29 07:27:10.990607+00', '2026-11-29 07:27:11.026134+00', '', ''),
	(65, 'followup', '01a22633-7ff5-7311-82c6-291a7f55460c', 'homeward.transfer.v1', 2, 15, 'homeward.events.v1.TransferOverdue', '01a22633-7b91-7b46-9898-49c78cfda67a', 4, '2027-03-05 17:00:01.059156+00', '01a22633-7fd9-7fac-869e-85ea21459f51', '\x0a2430316132323633332d376239312d376234362d393839382d343963373863666461363761122430316132323633332d376334622d373566322d613466382d3665316434623963316561371a0e42502d434e2d4d4f4e472d434149220553412d31342a145452414e534645525f41434b4e4f574c45444745320a323032372d30332d3035', 'DONE', 1, '2026-11-29 07:27:19.068024+00', '', '2026-11-29 07:27:19.068024+00', '2026-11-29 07:27:19.08945+00', '', ''),
	(59, 'followup', '01a22633-7020-77ca-87b2-6d37554c3489', 'homeward.office.v1', 0, 0, 'homeward.events.v1.OfficeEnded', '6f0c4c5e-0b6b-5d0e-9a34-3f1d6f0e8a11', 1, '2026-12-19 07:27:14.257356+00', 'd9f56b3f-bbbc-482e-8318-89dff2445f12', '\x0a0553412d3338120553412d34301a0a323032362d31322d3138220553412d3430', 'DONE', 1, '2026-11-29 07:27:15.015595+00', '', '2026-11-29 07:27:15.015595+00', '2026-11-29 07:27:15.073149+00', '', ''),
	(62, 'followup', '01a22633-7bda-722f-8503-bf14d7aa2fea', 'homeward.transfer.v1', 2, 12, 'homeward.events.v1.CustodyChanged', '01a22633-7b91-7b46-9898-49c78cfda67a', 1, '2027-02-28 17:00:00.77757+00', '2ed2bffd-960c-4050-92b4-50c316b873ae', '\x0a2430316132323633332d376239312d376234362d393839382d343963373863666461363761120e48572d3830312d3530322d373533180120012a0e42502d434e2d4d4f4e472d43414938014a0c0890a591dc0610d08de3f202', 'DONE', 1, '2026-11-29 07:27:18.011029+00', '', '2026-11-29 07:27:18.011029+00', '2026-11-29 07:27:18.041144+00', '', ''),
	(66, 'followup', '01a22633-84fc-7393-aaf2-66dcad126c75', 'homeward.transfer.v1', 2, 16, 'homeward.events.v1.CustodyChanged', '01a22633-84ba-7ea2-9731-17245805f4cf', 1, '2027-03-09 17:00:00.721129+00', 'ff241b99-88af-4e8b-a364-0201aeb87b62', '\x0a2430316132323633332d383462612d376561322d393733312d313732343538303566346366120e48572d3335352d3233332d333534180120012a0e42502d434e2d4d4f4e472d43414938014a0c0890e0c0dc0610a89ceed702', 'DONE', 1, '2026-11-29 07:27:20.416836+00', '', '2026-11-29 07:27:20.416836+00', '2026-11-29 07:27:20.452912+00', '', ''),
	(69, 'followup', '01a22633-8518-7312-8ed2-6c778e5973a3', 'homeward.transfer.v1', 2, 18, 'homeward.events.v1.CustodyChanged', '01a22633-84bc-7469-bd79-bb0076c85017', 1, '2027-03-09 17:00:00.721129+00', 'ff241b99-88af-4e8b-a364-0201aeb87b62', '\x0a2430316132323633332d383462632d373436392d626437392d626230303736633835303137120e48572d3634312d3230322d323039180120012a0e42502d434e2d4d4f4e472d43414938014a0c0890e0c0dc0610a89ceed702', 'DONE', 1, '2026-11-29 07:27:20.416836+00', '', '2026-11-29 07:27:20.416836+00', '2026-11-29 07:27:20.452948+00', '', ''),
	(67, 'followup', '01a22633-8525-7e3f-b7d6-5c0b95f6ae5e', 'homeward.transfer.v1', 1, 11, 'homeward.events.v1.CustodyChanged', '01a22633-84bd-7b3e-868a-04442d4349a3', 1, '2027-03-09 17:00:00.721129+00', 'ff241b99-88af-4e8b-a364-0201aeb87b62', '\x0a2430316132323633332d383462642d376233652d383638612d303434343264343334396133120e48572d3335312d3132372d303933180120012a0e42502d434e2d4d4f4e472d43414938014a0c0890e0c0dc0610a89ceed702', 'DONE', 1, '2026-11-29 07:27:20.416836+00', '', '2026-11-29 07:27:20.416836+00', '2026-11-29 07:27:20.452955+00', '', ''),
	(68, 'followup', '01a22633-850c-70e8-81cc-60cda957166f', 'homeward.transfer.v1', 2, 17, 'homeward.events.v1.CustodyChanged', '01a22633-84bb-71e1-8da2-2002f68cd27b', 1, '2027-03-09 17:00:00.721129+00', 'ff241b99-88af-4e8b-a364-0201aeb87b62', '\x0a2430316132323633332d383462622d373165312d386461322d323030326636386364323762120e48572d3534342d3134352d323334180120012a0e42502d434e2d4d4f4e472d43414938014a0c0890e0c0dc0610a89ceed702', 'DONE', 1, '2026-11-29 07:27:20.416836+00', '', '2026-11-29 07:27:20.416836+00', '2026-11-29 07:27:20.45296+00', '', ''),
	(70, 'followup', '01a22633-85e0-76da-98ea-4baaff4d170a', 'homeward.transfer.v1', 2, 19, 'homeward.events.v1.TransferPlanned', '01a22633-84ba-7ea2-9731-17245805f4cf', 2, '2027-03-09 17:00:00.921911+00', '84f4a41e-44e5-422a-a253-30e3712b88f2', '\x0a2430316132323633332d383462612d376561322d393733312d313732343538303566346366122430316132323633332d383563362d373433322d383235662d3432306636383430353433631a0e42502d434e2d4d4f4e472d434149220553412d31322a0a323032372d30332d3130320a323032372d30332d3131', 'DONE', 1, '2026-11-29 07:27:20.603315+00', '', '2026-11-29 07:27:20.603315+00', '2026-11-29 07:27:20.638289+00', '', ''),
	(71, 'followup', '01a22633-85e1-740b-b6a5-3485c570cbbc', 'homeward.transfer.v1', 2, 20, 'homeward.events.v1.TransferDispatched', '01a22633-84ba-7ea2-9731-17245805f4cf', 3, '2027-03-09 17:00:00.921911+00', '84f4a41e-44e5-422a-a253-30e3712b88f2', '\x0a2430316132323633332d383462612d376561322d393733312d313732343538303566346366122430316132323633332d383563362d373433322d383235662d3432306636383430353433631a0e42502d434e2d4d4f4e472d434149220553412d31322a0a323032372d30332d3130320a323032372d30332d31313a0a323032372d30332d3136420e48572d3335352d3233332d333534', 'DONE', 1, '2026-11-29 07:27:20.603315+00', '', '2026-11-29 07:27:20.603315+00', '2026-11-29 07:27:20.638322+00', '', ''),
	(88, 'followup', '01a22633-9a6d-702c-bd75-0b844229f8d8', 'homeward.transfer.v1', 2, 32, 'homeward.events.v1.TransferOverdue', '01a22633-84ba-7ea2-9731-17245805f4cf', 4, '2027-03-16 17:00:01.10423+00', '01a22633-9a4e-73c9-95ed-fa342999091c', '\x0a2430316132323633332d383462612d376561322d393733312d313732343538303566346366122430316132323633332d383563362d373433322d383235662d3432306636383430353433631a0e42502d434e2d4d4f4e472d434149220553412d31322a145452414e534645525f41434b4e4f574c45444745320a323032372d30332d3136', 'DONE', 1, '2026-11-29 07:27:25.854552+00', '', '2026-11-29 07:27:25.854552+00', '2026-11-29 07:27:25.893668+00', '', ''),
	(84, 'followup', '01a22633-8da3-7a05-855a-51bb36f13f1e', 'homeward.transfer.v1', 2, 28, 'homeward.events.v1.TransferAcknowledged', '01a22633-84bc-7469-bd79-bb0076c85017', 4, '2027-03-09 17:00:02.911264+00', 'c0d003ea-a592-4897-ab48-094477876b45', '\x0a2430316132323633332d383462632d373436392d626437392d626230303736633835303137122430316132323633332d386435652d373233312d613839622d3165386339623664333430611a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32302a0a323032372d30332d3130', 'DONE', 1, '2026-11-29 07:27:22.566407+00', '', '2026-11-29 07:27:22.566407+00', '2026-11-29 07:27:22.605767+00', '', ''),
	(85, 'followup', '01a22633-8da4-76af-996a-cc48cff95829', 'homeward.transfer.v1', 2, 29, 'homeward.events.v1.CustodyChanged', '01a22633-84bc-7469-bd79-bb0076c85017', 5, '2027-03-09 17:00:02.911264+00', 'c0d003ea-a592-4897-ab48-094477876b45', '\x0a2430316132323633332d383462632d373436392d626437392d626230303736633835303137120e48572d3634312d3230322d323039180220092a0c52432d534f4349414c2d3230320e42502d434e2d4d4f4e472d43414938084a0c0892e0c0dc06108092c3b203', 'DONE', 1, '2026-11-29 07:27:22.566407+00', '', '2026-11-29 07:27:22.566407+00', '2026-11-29 07:27:22.605803+00', '', ''),
	(86, 'followup', '01a22633-8da5-7f59-9bcc-51a2ea6dad6f', 'homeward.transfer.v1', 2, 30, 'homeward.events.v1.PersonAdmitted', '01a22633-84bc-7469-bd79-bb0076c85017', 6, '2027-03-09 17:00:02.911264+00', 'c0d003ea-a592-4897-ab48-094477876b45', '\x0a2430316132323633332d383462632d373436392d626437392d626230303736633835303137120c52432d534f4349414c2d32301a0a323032372d30332d3130220a323032372d30352d3039', 'DONE', 1, '2026-11-29 07:27:22.566407+00', '', '2026-11-29 07:27:22.566407+00', '2026-11-29 07:27:22.605811+00', '', ''),
	(104, 'followup', '01a22633-a541-71d5-8787-4566accfe915', 'homeward.transfer.v1', 2, 42, 'homeward.events.v1.TransferRejected', '01a22633-a369-7419-86b4-660beadfa938', 4, '2027-03-17 17:00:02.057652+00', '4325e8ae-5455-480d-88e1-a8e9a8385add', '\x0a2430316132323633332d613336392d373431392d383662342d363630626561646661393338122430316132323633332d613439332d373164342d393130322d3133353937376631643463321a0e42502d434e2d4d4f4e472d434149220553412d30342801320a323032372d30332d3232', 'DONE', 1, '2026-11-29 07:27:28.628443+00', '', '2026-11-29 07:27:28.628443+00', '2026-11-29 07:27:28.65143+00', '', ''),
	(79, 'followup', '01a22633-8a2f-7346-a7bb-85ccd3755383', 'homeward.transfer.v1', 1, 14, 'homeward.events.v1.TransferAcknowledged', '01a22633-84bd-7b3e-868a-04442d4349a3', 4, '2027-03-09 17:00:02.014482+00', '356a6747-dfe7-4b7e-9d72-0135547754b0', '\x0a2430316132323633332d383462642d376233652d383638612d303434343264343334396133122430316132323633332d383962352d376263612d623938332d3362303631333831373439661a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32322a0a323032372d30332d3130', 'DONE', 1, '2026-11-29 07:27:21.696259+00', '', '2026-11-29 07:27:21.696259+00', '2026-11-29 07:27:21.73342+00', '', ''),
	(80, 'followup', '01a22633-8a30-7097-bfb0-7031866323db', 'homeward.transfer.v1', 1, 15, 'homeward.events.v1.CustodyChanged', '01a22633-84bd-7b3e-868a-04442d4349a3', 5, '2027-03-09 17:00:02.014482+00', '356a6747-dfe7-4b7e-9d72-0135547754b0', '\x0a2430316132323633332d383462642d376233652d383638612d303434343264343334396133120e48572d3335312d3132372d303933180220092a0c52432d534f4349414c2d3232320e42502d434e2d4d4f4e472d43414938084a0b0892e0c0dc0610d0f4f306', 'DONE', 1, '2026-11-29 07:27:21.696259+00', '', '2026-11-29 07:27:21.696259+00', '2026-11-29 07:27:21.733465+00', '', '');
INSERT INTO public.inbox VALUES
	(81, 'followup', '01a22633-8a31-7b69-bb84-00d6ec756b98', 'homeward.transfer.v1', 1, 16, 'homeward.events.v1.PersonAdmitted', '01a22633-84bd-7b3e-868a-04442d4349a3', 6, '2027-03-09 17:00:02.014482+00', '356a6747-dfe7-4b7e-9d72-0135547754b0', '\x0a2430316132323633332d383462642d376233652d383638612d303434343264343334396133120c52432d534f4349414c2d32321a0a323032372d30332d3130220a323032372d30352d3039', 'DONE', 1, '2026-11-29 07:27:21.696259+00', '', '2026-11-29 07:27:21.696259+00', '2026-11-29 07:27:21.733473+00', '', ''),
	(74, 'followup', '01a22633-866e-714d-9b3c-dda3ccdebcd8', 'homeward.transfer.v1', 2, 23, 'homeward.events.v1.TransferAcknowledged', '01a22633-84bb-71e1-8da2-2002f68cd27b', 4, '2027-03-09 17:00:01.054359+00', 'ec6d6d5e-3af1-4113-a7b0-805082fb7a5b', '\x0a2430316132323633332d383462622d373165312d386461322d323030326636386364323762122430316132323633332d383630622d376239372d383562612d6339353538653661616239651a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32322a0a323032372d30332d3130', 'DONE', 1, '2026-11-29 07:27:20.739843+00', '', '2026-11-29 07:27:20.739843+00', '2026-11-29 07:27:20.791826+00', '', ''),
	(75, 'followup', '01a22633-866f-79f5-b129-4659de03c183', 'homeward.transfer.v1', 2, 24, 'homeward.events.v1.CustodyChanged', '01a22633-84bb-71e1-8da2-2002f68cd27b', 5, '2027-03-09 17:00:01.054359+00', 'ec6d6d5e-3af1-4113-a7b0-805082fb7a5b', '\x0a2430316132323633332d383462622d373165312d386461322d323030326636386364323762120e48572d3534342d3134352d323334180220092a0c52432d534f4349414c2d3232320e42502d434e2d4d4f4e472d43414938084a0b0891e0c0dc0610d8e7f519', 'DONE', 1, '2026-11-29 07:27:20.739843+00', '', '2026-11-29 07:27:20.739843+00', '2026-11-29 07:27:20.791863+00', '', ''),
	(76, 'followup', '01a22633-8670-7891-858f-33f6835a4994', 'homeward.transfer.v1', 2, 25, 'homeward.events.v1.PersonAdmitted', '01a22633-84bb-71e1-8da2-2002f68cd27b', 6, '2027-03-09 17:00:01.054359+00', 'ec6d6d5e-3af1-4113-a7b0-805082fb7a5b', '\x0a2430316132323633332d383462622d373165312d386461322d323030326636386364323762120c52432d534f4349414c2d32321a0a323032372d30332d3130220a323032372d30352d3039', 'DONE', 1, '2026-11-29 07:27:20.739843+00', '', '2026-11-29 07:27:20.739843+00', '2026-11-29 07:27:20.79187+00', '', ''),
	(77, 'followup', '01a22633-89c3-7add-b9d7-566324af8731', 'homeward.transfer.v1', 1, 12, 'homeward.events.v1.TransferPlanned', '01a22633-84bd-7b3e-868a-04442d4349a3', 2, '2027-03-09 17:00:01.923857+00', 'ca9d9eb5-a1b0-4ffc-849b-fb286a37267a', '\x0a2430316132323633332d383462642d376233652d383638612d303434343264343334396133122430316132323633332d383962352d376263612d623938332d3362303631333831373439661a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32322a0a323032372d30332d3130320a323032372d30332d3131', 'DONE', 1, '2026-11-29 07:27:21.586427+00', '', '2026-11-29 07:27:21.586427+00', '2026-11-29 07:27:21.619469+00', '', ''),
	(78, 'followup', '01a22633-89c4-7fb9-85d8-9410cb90df62', 'homeward.transfer.v1', 1, 13, 'homeward.events.v1.TransferDispatched', '01a22633-84bd-7b3e-868a-04442d4349a3', 3, '2027-03-09 17:00:01.923857+00', 'ca9d9eb5-a1b0-4ffc-849b-fb286a37267a', '\x0a2430316132323633332d383462642d376233652d383638612d303434343264343334396133122430316132323633332d383962352d376263612d623938332d3362303631333831373439661a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32322a0a323032372d30332d3130320a323032372d30332d31313a0a323032372d30332d3136420e48572d3335312d3132372d303933', 'DONE', 1, '2026-11-29 07:27:21.586427+00', '', '2026-11-29 07:27:21.586427+00', '2026-11-29 07:27:21.619502+00', '', ''),
	(92, 'followup', '01a22633-a2ee-71e1-95b1-0a85a3f3a06d', 'homeward.transfer.v1', 1, 17, 'homeward.events.v1.TransferPlanned', '01a22633-84bd-7b3e-868a-04442d4349a3', 7, '2027-03-17 17:00:01.449427+00', '6c1bc53f-c3b4-4a34-a681-e551e22cbe4a', '\x0a2430316132323633332d383462642d376233652d383638612d303434343264343334396133122430316132323633332d613264612d376461662d383764372d6638613733303439303463311a0c52432d534f4349414c2d3232220553412d30342a0a323032372d30332d3139320a323032372d30332d3230', 'DONE', 1, '2026-11-29 07:27:28.022452+00', '', '2026-11-29 07:27:28.022452+00', '2026-11-29 07:27:28.040199+00', '', ''),
	(82, 'followup', '01a22633-8d65-78b6-9089-2e1e16240aff', 'homeward.transfer.v1', 2, 26, 'homeward.events.v1.TransferPlanned', '01a22633-84bc-7469-bd79-bb0076c85017', 2, '2027-03-09 17:00:02.87121+00', '3899e79e-4128-4ec8-b6bc-05327384311a', '\x0a2430316132323633332d383462632d373436392d626437392d626230303736633835303137122430316132323633332d386435652d373233312d613839622d3165386339623664333430611a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32302a0a323032372d30332d3130320a323032372d30332d3131', 'DONE', 1, '2026-11-29 07:27:22.498506+00', '', '2026-11-29 07:27:22.498506+00', '2026-11-29 07:27:22.525476+00', '', ''),
	(83, 'followup', '01a22633-8d66-7610-8c6d-14bc46aca5ec', 'homeward.transfer.v1', 2, 27, 'homeward.events.v1.TransferDispatched', '01a22633-84bc-7469-bd79-bb0076c85017', 3, '2027-03-09 17:00:02.87121+00', '3899e79e-4128-4ec8-b6bc-05327384311a', '\x0a2430316132323633332d383462632d373436392d626437392d626230303736633835303137122430316132323633332d386435652d373233312d613839622d3165386339623664333430611a0e42502d434e2d4d4f4e472d434149220c52432d534f4349414c2d32302a0a323032372d30332d3130320a323032372d30332d31313a0a323032372d30332d3136420e48572d3634312d3230322d323039', 'DONE', 1, '2026-11-29 07:27:22.498506+00', '', '2026-11-29 07:27:22.498506+00', '2026-11-29 07:27:22.525515+00', '', ''),
	(87, 'followup', '01a22633-9444-7480-b0f4-d139c9fd1bfb', 'homeward.transfer.v1', 2, 31, 'homeward.events.v1.PersonLost', '01a22633-7b91-7b46-9898-49c78cfda67a', 5, '2027-03-12 17:00:01.055756+00', '01a22633-940e-7266-af52-9e7cc3cdd4cb', '\x0a2430316132323633332d376239312d376234362d393839382d343963373863666461363761122430316132323633332d393432302d373534312d623764322d3132623564366464363135611801220e42502d434e2d4d4f4e472d4341492a0553412d3134', 'DONE', 1, '2026-11-29 07:27:24.274519+00', '', '2026-11-29 07:27:24.274519+00', '2026-11-29 07:27:24.300896+00', '', ''),
	(89, 'followup', '01a22633-9fa8-7d07-bf47-360f0a1023ce', 'homeward.transfer.v1', 2, 33, 'homeward.events.v1.CustodyChanged', '01a22633-84bc-7469-bd79-bb0076c85017', 7, '2027-03-17 17:00:00.626924+00', '1a3c6a60-92a6-49c4-8353-b8bd6d83d54b', '\x0a2430316132323633332d383462632d373436392d626437392d626230303736633835303137120e48572d3634312d3230322d323039180320042a0553562d3230320c52432d534f4349414c2d323038094a0c0890f8eadc0610e0b3f8aa02', 'DONE', 1, '2026-11-29 07:27:27.189861+00', '', '2026-11-29 07:27:27.189861+00', '2026-11-29 07:27:27.253774+00', '', ''),
	(90, 'followup', '01a22633-9fb3-7d78-9018-4edb4779abdd', 'homeward.office.v1', 0, 3, 'homeward.events.v1.OfficeEnded', '6f0c4c5e-0b6b-5d0e-9a34-3f1d6f0e8a11', 4, '2027-03-17 17:00:00.626924+00', '1a3c6a60-92a6-49c4-8353-b8bd6d83d54b', '\x0a0c52432d534f4349414c2d32301a0a323032372d30332d3137220553562d3230', 'DONE', 1, '2026-11-29 07:27:27.189861+00', '', '2026-11-29 07:27:27.189861+00', '2026-11-29 07:27:27.253856+00', '', ''),
	(91, 'followup', '01a22633-9fa9-74bb-bd50-3e2ac4556c94', 'homeward.transfer.v1', 2, 34, 'homeward.events.v1.PersonLost', '01a22633-84bc-7469-bd79-bb0076c85017', 8, '2027-03-17 17:00:00.626924+00', '1a3c6a60-92a6-49c4-8353-b8bd6d83d54b', '\x0a2430316132323633332d383462632d373436392d626437392d626230303736633835303137122430316132323633332d396639632d373237382d616663302d6262633864663938366334371808220553562d3230', 'DONE', 1, '2026-11-29 07:27:27.189861+00', '', '2026-11-29 07:27:27.189861+00', '2026-11-29 07:27:27.253863+00', '', ''),
	(93, 'followup', '01a22633-a337-7f64-b3e2-30f047e6b220', 'homeward.transfer.v1', 1, 18, 'homeward.events.v1.PersonDischarged', '01a22633-84bd-7b3e-868a-04442d4349a3', 8, '2027-03-17 17:00:01.541936+00', 'ff3e8e24-35d6-4add-89d3-0d13fcfd16bd', '\x0a2430316132323633332d383462642d376233652d383638612d303434343264343334396133120c52432d534f4349414c2d32321801220553412d30342a0a323032372d30332d3138320a323032372d30332d3232', 'DONE', 1, '2026-11-29 07:27:28.091659+00', '', '2026-11-29 07:27:28.091659+00', '2026-11-29 07:27:28.103565+00', '', ''),
	(94, 'followup', '01a22633-a3bd-70a0-a010-94d2100e433c', 'homeward.transfer.v1', 2, 35, 'homeward.events.v1.CustodyChanged', '01a22633-a367-7c21-b5e3-f85700047fde', 1, '2027-03-17 17:00:01.700972+00', '2aa9d06a-0fa7-47b9-b488-a291d6db81a0', '\x0a2430316132323633332d613336372d376332312d623565332d663835373030303437666465120e48572d3632342d3539302d313731180120012a0e42502d434e2d4d4f4e472d43414938014a0c0891f8eadc0610e0f79fce02', 'DONE', 1, '2026-11-29 07:27:28.268549+00', '', '2026-11-29 07:27:28.268549+00', '2026-11-29 07:27:28.31439+00', '', ''),
	(95, 'followup', '01a22633-a3c9-7194-ac8e-99e554322952', 'homeward.transfer.v1', 1, 19, 'homeward.events.v1.CustodyChanged', '01a22633-a368-7f46-83a8-0824c4429065', 1, '2027-03-17 17:00:01.700972+00', '2aa9d06a-0fa7-47b9-b488-a291d6db81a0', '\x0a2430316132323633332d613336382d376634362d383361382d303832346334343239303635120e48572d3230312d3030312d383731180120012a0e42502d434e2d4d4f4e472d43414938014a0c0891f8eadc0610e0f79fce02', 'DONE', 1, '2026-11-29 07:27:28.268549+00', '', '2026-11-29 07:27:28.268549+00', '2026-11-29 07:27:28.314435+00', '', ''),
	(96, 'followup', '01a22633-a3d3-7cde-aaae-2c3807050bce', 'homeward.transfer.v1', 2, 36, 'homeward.events.v1.CustodyChanged', '01a22633-a369-7419-86b4-660beadfa938', 1, '2027-03-17 17:00:01.700972+00', '2aa9d06a-0fa7-47b9-b488-a291d6db81a0', '\x0a2430316132323633332d613336392d373431392d383662342d363630626561646661393338120e48572d3435332d3538302d363938180120012a0e42502d434e2d4d4f4e472d43414938014a0c0891f8eadc0610e0f79fce02', 'DONE', 1, '2026-11-29 07:27:28.268549+00', '', '2026-11-29 07:27:28.268549+00', '2026-11-29 07:27:28.314443+00', '', ''),
	(97, 'followup', '01a22633-a3e1-7728-9dc0-fb32e56674e4', 'homeward.transfer.v1', 2, 37, 'homeward.events.v1.CustodyChanged', '01a22633-a36a-72ff-ba75-0d1bad6ccf03', 1, '2027-03-17 17:00:01.700972+00', '2aa9d06a-0fa7-47b9-b488-a291d6db81a0', '\x0a2430316132323633332d613336612d373266662d626137352d306431626164366363663033120e48572d3438302d3930312d363538180120012a0e42502d434e2d4d4f4e472d43414938014a0c0891f8eadc0610e0f79fce02', 'DONE', 1, '2026-11-29 07:27:28.268549+00', '', '2026-11-29 07:27:28.268549+00', '2026-11-29 07:27:28.314447+00', '', ''),
	(102, 'followup', '01a22633-a4e9-77ac-922c-c5279f289541', 'homeward.transfer.v1', 2, 40, 'homeward.events.v1.TransferPlanned', '01a22633-a36a-72ff-ba75-0d1bad6ccf03', 2, '2027-03-17 17:00:01.977473+00', 'd539a381-59f0-417f-8268-b5fa128cf53d', '\x0a2430316132323633332d613336612d373266662d626137352d306431626164366363663033122430316132323633332d613464332d376439342d613365662d6662316565663238616461341a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032372d30332d3138320a323032372d30332d3139', 'DONE', 1, '2026-11-29 07:27:28.553858+00', '', '2026-11-29 07:27:28.553858+00', '2026-11-29 07:27:28.582889+00', '', ''),
	(103, 'followup', '01a22633-a4ea-7a4b-8188-7714218e23ad', 'homeward.transfer.v1', 2, 41, 'homeward.events.v1.TransferDispatched', '01a22633-a36a-72ff-ba75-0d1bad6ccf03', 3, '2027-03-17 17:00:01.977473+00', 'd539a381-59f0-417f-8268-b5fa128cf53d', '\x0a2430316132323633332d613336612d373266662d626137352d306431626164366363663033122430316132323633332d613464332d376439342d613365662d6662316565663238616461341a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032372d30332d3138320a323032372d30332d31393a0a323032372d30332d3234420e48572d3438302d3930312d363538', 'DONE', 1, '2026-11-29 07:27:28.553858+00', '', '2026-11-29 07:27:28.553858+00', '2026-11-29 07:27:28.58293+00', '', '');
INSERT INTO public.inbox VALUES
	(98, 'followup', '01a22633-a475-75bc-88d4-db534abde235', 'homeward.transfer.v1', 1, 20, 'homeward.events.v1.TransferPlanned', '01a22633-a368-7f46-83a8-0824c4429065', 2, '2027-03-17 17:00:01.889497+00', 'ff1b5937-d7ad-40bc-8cfd-1d088698a595', '\x0a2430316132323633332d613336382d376634362d383361382d303832346334343239303635122430316132323633332d613437312d373437632d396233372d6430333734646164663530351a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032372d30332d3138320a323032372d30332d3139', 'DONE', 1, '2026-11-29 07:27:28.402795+00', '', '2026-11-29 07:27:28.402795+00', '2026-11-29 07:27:28.435891+00', '', ''),
	(99, 'followup', '01a22633-a476-75f8-b72b-8e1720d97c07', 'homeward.transfer.v1', 1, 21, 'homeward.events.v1.TransferDispatched', '01a22633-a368-7f46-83a8-0824c4429065', 3, '2027-03-17 17:00:01.889497+00', 'ff1b5937-d7ad-40bc-8cfd-1d088698a595', '\x0a2430316132323633332d613336382d376634362d383361382d303832346334343239303635122430316132323633332d613437312d373437632d396233372d6430333734646164663530351a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032372d30332d3138320a323032372d30332d31393a0a323032372d30332d3234420e48572d3230312d3030312d383731', 'DONE', 1, '2026-11-29 07:27:28.402795+00', '', '2026-11-29 07:27:28.402795+00', '2026-11-29 07:27:28.435938+00', '', ''),
	(105, 'followup', '01a22633-aaeb-7dc1-ad7c-ca1b942e11c3', 'homeward.transfer.v1', 1, 22, 'homeward.events.v1.CustodyChanged', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', 6, '2027-03-17 17:00:03.383057+00', '930e988e-2beb-4084-8c00-fadba08c63ce', '\x0a2430316132323633332d346563332d376637372d613265382d616561373763653964383364120e48572d3936312d3830332d333037180220072a0553412d3034320553412d303438064a0c0893f8eadc0610e8f8d3b601', 'PENDING', 1, '2026-11-29 07:27:30.052532+00', '', '2026-11-29 07:27:30.052532+00', NULL, '', ''),
	(100, 'followup', '01a22633-a4a0-7ae5-9ed0-4dd773d5888d', 'homeward.transfer.v1', 2, 38, 'homeward.events.v1.TransferPlanned', '01a22633-a369-7419-86b4-660beadfa938', 2, '2027-03-17 17:00:01.91747+00', '59587c40-ae95-4e7a-b9c6-198627dcb4c4', '\x0a2430316132323633332d613336392d373431392d383662342d363630626561646661393338122430316132323633332d613439332d373164342d393130322d3133353937376631643463321a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032372d30332d3138320a323032372d30332d3139', 'DONE', 1, '2026-11-29 07:27:28.450433+00', '', '2026-11-29 07:27:28.450433+00', '2026-11-29 07:27:28.487601+00', '', ''),
	(101, 'followup', '01a22633-a4a1-76ea-9511-59912c8ccbd7', 'homeward.transfer.v1', 2, 39, 'homeward.events.v1.TransferDispatched', '01a22633-a369-7419-86b4-660beadfa938', 3, '2027-03-17 17:00:01.91747+00', '59587c40-ae95-4e7a-b9c6-198627dcb4c4', '\x0a2430316132323633332d613336392d373431392d383662342d363630626561646661393338122430316132323633332d613439332d373164342d393130322d3133353937376631643463321a0e42502d434e2d4d4f4e472d434149220553412d30342a0a323032372d30332d3138320a323032372d30332d31393a0a323032372d30332d3234420e48572d3435332d3538302d363938', 'DONE', 1, '2026-11-29 07:27:28.450433+00', '', '2026-11-29 07:27:28.450433+00', '2026-11-29 07:27:28.48766+00', '', '');
INSERT INTO public.inbox_position VALUES
	('followup', 'homeward.transfer.v1', '01a22633-84bb-71e1-8da2-2002f68cd27b', 6),
	('followup', 'homeward.transfer.v1', '01a22633-3745-75af-b7c8-a61140eecd72', 5),
	('followup', 'homeward.transfer.v1', '01a22633-3747-77dd-af67-5357c9bfda63', 6),
	('followup', 'homeward.transfer.v1', '01a22633-7b91-7b46-9898-49c78cfda67a', 5),
	('followup', 'homeward.transfer.v1', '01a22633-84ba-7ea2-9731-17245805f4cf', 4),
	('followup', 'homeward.transfer.v1', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 7),
	('followup', 'homeward.office.v1', '6f0c4c5e-0b6b-5d0e-9a34-3f1d6f0e8a11', 4),
	('followup', 'homeward.transfer.v1', '01a22633-84bc-7469-bd79-bb0076c85017', 8),
	('followup', 'homeward.transfer.v1', '01a22633-84bd-7b3e-868a-04442d4349a3', 8),
	('followup', 'homeward.transfer.v1', '01a22633-4ebd-7df8-9ac7-d027b653756d', 5),
	('followup', 'homeward.transfer.v1', '01a22633-a367-7c21-b5e3-f85700047fde', 1),
	('followup', 'homeward.transfer.v1', '01a22633-4ebe-71e0-a26f-bf82bc374bca', 5),
	('followup', 'homeward.transfer.v1', '01a22633-4ebf-715a-adf4-35feb300e901', 5),
	('followup', 'homeward.transfer.v1', '01a22633-a368-7f46-83a8-0824c4429065', 3),
	('followup', 'homeward.transfer.v1', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', 5),
	('followup', 'homeward.transfer.v1', '01a22633-a36a-72ff-ba75-0d1bad6ccf03', 3),
	('followup', 'homeward.transfer.v1', '01a22633-4ec1-7aef-84ed-e809513ed2c1', 5),
	('followup', 'homeward.transfer.v1', '01a22633-a369-7419-86b4-660beadfa938', 4),
	('followup', 'homeward.transfer.v1', '01a22633-4ec2-7394-82b4-db5aaa94198e', 5),
	('followup', 'homeward.transfer.v1', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', 5);
INSERT INTO public.inbox_position VALUES
	('followup', 'homeward.transfer.v1', '01a22633-4ec4-78e4-9a05-4c148632f47f', 5);
INSERT INTO public.obligation VALUES
	('01a22633-3c04-7371-a208-b7f03a1fa2be', '01a22633-3745-75af-b7c8-a61140eecd72', '01a22633-3bf8-7c00-8223-8b0c277d0963', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-11-29', '2029-11-28 17:00:00+00', 'ARMED', 0, '2026-11-29', NULL, false),
	('01a22633-3f71-75e1-b227-55c78bc2972e', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-06', '2026-12-06 17:00:00+00', 'DISARMED', 0, '2026-11-29', NULL, false),
	('01a22633-4334-7f8e-98d4-d56aeb5c7c02', '01a22633-3747-77dd-af67-5357c9bfda63', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-06', '2026-12-06 17:00:00+00', 'DISARMED', 0, '2026-11-29', NULL, false),
	('01a22633-4332-7645-8d8b-3d55d20d88a8', '01a22633-3747-77dd-af67-5357c9bfda63', '01a22633-432c-7041-b7bf-7d1383e82e30', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-02-28', '2027-02-27 17:00:00+00', 'DISARMED', 0, '2026-11-29', NULL, false),
	('01a22633-4333-7ce3-8e94-3df8db95705f', '01a22633-3747-77dd-af67-5357c9bfda63', '01a22633-432d-74c2-8216-ea4d7bb124e6', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-11-29', '2029-11-28 17:00:00+00', 'DISARMED', 0, '2026-11-29', NULL, false),
	('01a22633-3f6f-71f1-85d1-5fc32610eee6', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', '01a22633-3f64-71b9-805d-010e2b291571', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-02-28', '2027-02-27 17:00:00+00', 'DISARMED', 0, '2026-11-29', NULL, false),
	('01a22633-3f70-70b9-bdbe-c9825b0807fb', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', '01a22633-3f65-7e6e-b538-90453e892fec', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-11-29', '2029-11-28 17:00:00+00', 'DISARMED', 0, '2026-11-29', NULL, false),
	('01a22633-3c05-72b2-bd4b-7b6325a63d8d', '01a22633-3745-75af-b7c8-a61140eecd72', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-06', '2026-12-06 17:00:00+00', 'FIRED', 0, '2026-11-29', '2026-12-06 17:00:01.057754+00', false),
	('01a22633-50b2-79ef-b539-fe71853622db', '01a22633-4ebd-7df8-9ac7-d027b653756d', '01a22633-50ae-7654-b16d-54d90a453e79', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-03-19', '2027-03-18 17:00:00+00', 'ARMED', 0, '2026-12-19', NULL, false),
	('01a22633-50b3-730d-9bbc-f30b550f7877', '01a22633-4ebd-7df8-9ac7-d027b653756d', '01a22633-50af-72b1-a57e-8b8427f403c5', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-12-19', '2029-12-18 17:00:00+00', 'ARMED', 0, '2026-12-19', NULL, false),
	('01a22633-50b4-7245-90cd-b8062f43eca1', '01a22633-4ebd-7df8-9ac7-d027b653756d', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-26', '2026-12-26 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-54b3-76ce-836f-fbc66783536a', '01a22633-4ebe-71e0-a26f-bf82bc374bca', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-26', '2026-12-26 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-587f-76a8-8451-de4361a31d90', '01a22633-4ebf-715a-adf4-35feb300e901', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-26', '2026-12-26 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-5d2e-76b0-9fbd-07bd22d282e9', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-26', '2026-12-26 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-60a8-7007-80ad-86eb747ce55f', '01a22633-4ec1-7aef-84ed-e809513ed2c1', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-26', '2026-12-26 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-6553-7468-803c-c6e81f3b99fe', '01a22633-4ec2-7394-82b4-db5aaa94198e', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-26', '2026-12-26 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-68f5-73e5-815c-f197b829d93d', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-26', '2026-12-26 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-6c90-7582-8b45-c370cdb7a006', '01a22633-4ec4-78e4-9a05-4c148632f47f', '01a22633-6c86-7375-81d6-d87d9397ca04', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-03-19', '2027-03-18 17:00:00+00', 'ARMED', 0, '2026-12-19', NULL, false),
	('01a22633-6c91-7fcc-911e-9d13605b1906', '01a22633-4ec4-78e4-9a05-4c148632f47f', '01a22633-6c87-7e4e-bcf0-8c6f3ec6cc48', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-12-19', '2029-12-18 17:00:00+00', 'ARMED', 0, '2026-12-19', NULL, false),
	('01a22633-6c92-7c76-a359-09dfb6df345b', '01a22633-4ec4-78e4-9a05-4c148632f47f', NULL, 'FIRST_CONTACT', 1, 'VN-holidays-0.109-2020-2040', false, '2026-12-26', '2026-12-26 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false);
INSERT INTO public.obligation VALUES
	('01a22633-3c03-7bea-aedc-7cbd201820f6', '01a22633-3745-75af-b7c8-a61140eecd72', '01a22633-3bf7-7036-986e-ee9de0a19d0e', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-02-28', '2027-02-27 17:00:00+00', 'FIRED', 0, '2026-11-29', '2027-02-27 17:00:01.052642+00', false),
	('01a22633-4815-7693-9a62-66b96e1ff5d3', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', '01a22633-3f64-71b9-805d-010e2b291571', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-02-28', '2027-02-27 17:00:00+00', 'FIRED', 0, '2026-11-29', '2027-02-27 17:00:01.052642+00', false),
	('01a22633-75c8-7269-9cab-1e0ff8335154', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', '01a22633-3f64-71b9-805d-010e2b291571', 'FOLLOW_UP_OVERDUE_3M', 1, 'VN-holidays-0.109-2020-2040+1', true, '2027-03-13', '2027-03-13 17:00:00+00', 'DISARMED', 0, '2027-02-28', NULL, false),
	('01a22633-4816-7ae7-b1d4-741a67cf07e3', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', '01a22633-3f65-7e6e-b538-90453e892fec', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-11-29', '2029-11-28 17:00:00+00', 'DISARMED', 0, '2026-11-29', NULL, false),
	('01a22633-7c99-7f31-9c77-cc71e6d8afb1', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', '01a22633-3f65-7e6e-b538-90453e892fec', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040+1', true, '2029-11-29', '2029-11-28 17:00:00+00', 'ARMED', 0, '2026-11-29', NULL, false),
	('01a22633-75bb-731a-95ef-963d727b1b26', '01a22633-3745-75af-b7c8-a61140eecd72', '01a22633-3bf7-7036-986e-ee9de0a19d0e', 'FOLLOW_UP_OVERDUE_3M', 1, 'VN-holidays-0.109-2020-2040+1', true, '2027-03-13', '2027-03-13 17:00:00+00', 'FIRED', 0, '2027-02-28', '2027-03-13 17:00:01.05735+00', false),
	('01a22633-97d1-7891-b134-a55f33fcfb2b', '01a22633-3745-75af-b7c8-a61140eecd72', '01a22633-3bf7-7036-986e-ee9de0a19d0e', 'FOLLOW_UP_ESCALATE', 1, 'VN-holidays-0.109-2020-2040+1', true, '2027-03-27', '2027-03-27 17:00:00+00', 'ARMED', 0, '2027-03-13', NULL, false),
	('01a22633-97d2-7fac-8ef3-bf58410a2205', '01a22633-3745-75af-b7c8-a61140eecd72', '01a22633-3bf7-7036-986e-ee9de0a19d0e', 'LOST_TO_FOLLOW_UP', 1, 'VN-holidays-0.109-2020-2040+1', false, '2027-05-12', '2027-05-12 17:00:00+00', 'ARMED', 0, '2027-03-13', NULL, false),
	('01a22633-68f3-70dc-9c2a-a589d4121301', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', '01a22633-68ef-7c36-a92e-7446138e7143', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-03-19', '2027-03-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-68f4-7ea1-8378-62421df8789a', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', '01a22633-68f0-777a-926c-7b42bba64e63', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-12-19', '2029-12-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-60a6-7257-9965-c5cc841389d6', '01a22633-4ec1-7aef-84ed-e809513ed2c1', '01a22633-609d-7c4f-99b8-6abd4b9ad584', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-03-19', '2027-03-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-60a7-7093-99fc-0e01885f122f', '01a22633-4ec1-7aef-84ed-e809513ed2c1', '01a22633-609e-7c7f-b5fb-19d3351335e4', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-12-19', '2029-12-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-5d2c-7098-9511-deadb9242d35', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', '01a22633-5d26-76a3-a480-9a2ca68eb36e', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-03-19', '2027-03-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-5d2d-76a6-9c65-2600faadd97f', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', '01a22633-5d27-738d-81dd-1b5eb2c741da', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-12-19', '2029-12-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-6551-7289-b8ba-041ff140354c', '01a22633-4ec2-7394-82b4-db5aaa94198e', '01a22633-654b-79e0-b9d3-7dbfab144228', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-03-19', '2027-03-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-6552-7254-9e66-331f4856ad67', '01a22633-4ec2-7394-82b4-db5aaa94198e', '01a22633-654c-77a0-b0e2-535f9bd1734a', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-12-19', '2029-12-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-54b1-70de-8ac9-7bcf122f6279', '01a22633-4ebe-71e0-a26f-bf82bc374bca', '01a22633-54af-7286-a53f-05da25c794f3', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-03-19', '2027-03-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-54b2-7282-9f16-5ff485c33fd4', '01a22633-4ebe-71e0-a26f-bf82bc374bca', '01a22633-54b0-7213-9c41-d5a694d66ec8', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-12-19', '2029-12-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-587d-7dae-a0e4-6c85737cdd38', '01a22633-4ebf-715a-adf4-35feb300e901', '01a22633-5873-785f-8ab6-7ec01bdccf47', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040', true, '2027-03-19', '2027-03-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22633-587e-7c7f-b21f-303d3e3adc6b', '01a22633-4ebf-715a-adf4-35feb300e901', '01a22633-5874-7517-9cfc-6afc819d2f16', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040', false, '2029-12-19', '2029-12-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false);
INSERT INTO public.obligation VALUES
	('01a22634-061d-75a2-9b01-ac6785084508', '01a22633-4ebf-715a-adf4-35feb300e901', '01a22633-5873-785f-8ab6-7ec01bdccf47', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040+1', true, '2027-03-19', '2027-03-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22634-061e-72cf-a5d5-cd4a038b1006', '01a22633-4ebf-715a-adf4-35feb300e901', '01a22633-5874-7517-9cfc-6afc819d2f16', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040+1', false, '2029-12-19', '2029-12-18 17:00:00+00', 'DISARMED', 0, '2026-12-19', NULL, false),
	('01a22634-0660-7273-a48a-e4017ac815dc', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', '01a22633-5d26-76a3-a480-9a2ca68eb36e', 'FOLLOW_UP_3M', 1, 'VN-holidays-0.109-2020-2040+1', true, '2027-03-19', '2027-03-18 17:00:00+00', 'ARMED', 0, '2026-12-19', NULL, false),
	('01a22634-0661-7e84-a5e9-6d96b62e4808', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', '01a22633-5d27-738d-81dd-1b5eb2c741da', 'FOLLOW_UP_3Y', 1, 'VN-holidays-0.109-2020-2040+1', false, '2029-12-19', '2029-12-18 17:00:00+00', 'ARMED', 0, '2026-12-19', NULL, false);
INSERT INTO public.office_end VALUES
	('SA-38', '2026-12-18', 'SA-40', 'SA-40', '{"cases": 1, "deadlines": 2}', '2026-12-19 07:27:14.385501+00'),
	('RC-SOCIAL-20', '2027-03-17', NULL, 'SV-20', '{"cases": 0, "deadlines": 0}', '2027-03-17 17:00:00.734225+00');
INSERT INTO public.outbox VALUES
	(1, '01a22633-3c0b-752e-b063-753209a2b265', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a22633-3745-75af-b7c8-a61140eecd72', 1, '2026-11-29 07:27:01.616401+00', '2233444e-6732-4401-8ef6-d9d308d31d49', '01a22633-3b7c-7e18-9ff4-51ae07aa4c77', '', '\x0a2430316132323633332d333734352d373561662d623763382d613631313430656563643732120553412d3135180222340a2430316132323633332d336266372d373033362d393836652d65653964653061313964306510011a0a323032372d30322d323822340a2430316132323633332d336266382d376330302d383232332d38623063323737643039363310021a0a323032392d31312d3239', '2026-11-29 07:27:01.722186+00'),
	(2, '01a22633-3f76-75b7-b5cc-bc8b3135ad9b', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 1, '2026-11-29 07:27:02.496934+00', 'e3c22eb3-a7a1-47f9-a570-e904189fbc48', '01a22633-3f31-729f-90f9-ce675a9cc0c0', '', '\x0a2430316132323633332d333734362d376232662d613666332d336562396162393333306565120553412d3230180222340a2430316132323633332d336636342d373162392d383035642d30313065326232393135373110011a0a323032372d30322d323822340a2430316132323633332d336636352d376536652d623533382d39303435336538393266656310021a0a323032392d31312d3239', '2026-11-29 07:27:02.558087+00'),
	(3, '01a22633-4179-76b0-b180-3bc664eab50c', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 2, '2026-11-29 07:27:03.029579+00', 'f53c2247-d2b2-4b0c-bd5d-7b56c443b63f', '', '', '\x0a2430316132323633332d333734362d376232662d613666332d336562396162393333306565120553412d32301801220a323032362d31312d3239', '2026-11-29 07:27:03.047492+00'),
	(4, '01a22633-4335-7694-afa4-5dae5b14cc22', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a22633-3747-77dd-af67-5357c9bfda63', 1, '2026-11-29 07:27:03.465262+00', 'c1d56ea1-c922-4c3e-9676-b092805687a3', '01a22633-42fe-718f-8c33-8a7d8d1437d0', '', '\x0a2430316132323633332d333734372d373764642d616636372d353335376339626664613633120553412d3230180222340a2430316132323633332d343332632d373034312d623762662d37643133383365383265333010011a0a323032372d30322d323822340a2430316132323633332d343332642d373463322d383231362d65613464376262313234653610021a0a323032392d31312d3239', '2026-11-29 07:27:03.497898+00'),
	(5, '01a22633-45ad-76c2-af1a-06646e0dad1b', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a22633-3747-77dd-af67-5357c9bfda63', 2, '2026-11-29 07:27:04.105578+00', 'b736db65-6693-4e7b-8856-9849550a8f6e', '', '', '\x0a2430316132323633332d333734372d373764642d616636372d353335376339626664613633120553412d32301801220a323032362d31312d3239', '2026-11-29 07:27:04.129459+00'),
	(6, '01a22633-46a2-76e0-ae8a-e2cc3342f859', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a22633-3747-77dd-af67-5357c9bfda63', 3, '2026-11-29 07:27:04.348623+00', '5e7633f9-2aeb-4fd4-92e4-be95fd5b8473', '', '', '\x0a2430316132323633332d333734372d373764642d616636372d353335376339626664613633120553412d32301802', '2026-11-29 07:27:04.390414+00'),
	(7, '01a22633-46d6-7355-b764-e074ca2a6205', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 3, '2026-11-29 07:27:04.377161+00', '52b80580-cce1-48fd-9aac-75f82e8acb6a', '', '', '\x0a2430316132323633332d333734362d376232662d613666332d336562396162393333306565120553412d32301802', '2026-11-29 07:27:04.445265+00'),
	(8, '01a22633-4817-736d-b25d-27941ed7d7e4', 'homeward.followup.v1', 'homeward.events.v1.CaseReopened', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 4, '2026-11-29 07:27:04.708119+00', '030256bf-992e-4a4a-9591-a44474e20fb1', '', '', '\x0a2430316132323633332d333734362d376232662d613666332d336562396162393333306565120553412d3230', '2026-11-29 07:27:04.750675+00'),
	(9, '01a22633-4c15-709d-9250-fd550ff35a6b', 'homeward.followup.v1', 'homeward.events.v1.FollowUpEscalated', '01a22633-3745-75af-b7c8-a61140eecd72', 2, '2026-12-06 17:00:01.057754+00', '01a22633-4c0c-74d2-a2b2-4f3afe83837f', '', '', '\x0a2430316132323633332d333734352d373561662d623763382d6136313134306565636437321a0553412d3135220d46495253545f434f4e544143542801', '2026-11-29 07:27:05.781258+00'),
	(10, '01a22633-50b6-772b-852b-22c0d2bc1f66', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a22633-4ebd-7df8-9ac7-d027b653756d', 1, '2026-12-19 07:27:06.268702+00', 'b82b159c-59c8-49c1-bb20-1b27cd4b624d', '01a22633-505c-7d55-94ce-924ebaa2e67b', '', '\x0a2430316132323633332d346562642d376466382d396163372d643032376236353337353664120553412d3034180222340a2430316132323633332d353061652d373635342d623136642d35346439306134353365373910011a0a323032372d30332d313922340a2430316132323633332d353061662d373262312d613537652d38623834323766343033633510021a0a323032392d31322d3139', '2026-11-29 07:27:06.975787+00'),
	(11, '01a22633-52f8-7bcf-80cc-12921ce41f47', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a22633-4ebd-7df8-9ac7-d027b653756d', 2, '2026-12-19 07:27:06.855645+00', '5b48617b-1a09-4aa4-a243-dbf5424979c7', '', '', '\x0a2430316132323633332d346562642d376466382d396163372d643032376236353337353664120553412d30341801220a323032362d31322d3139', '2026-11-29 07:27:07.531733+00'),
	(12, '01a22633-54b4-7211-8ad2-75c9245f8a63', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a22633-4ebe-71e0-a26f-bf82bc374bca', 1, '2026-12-19 07:27:07.297642+00', 'ed393c61-d0a8-44a3-bb3f-764458c24bf1', '01a22633-5462-751c-93fe-9c9052a372bb', '', '\x0a2430316132323633332d346562652d373165302d613236662d626638326263333734626361120553412d3034180222340a2430316132323633332d353461662d373238362d613533662d30356461323563373934663310011a0a323032372d30332d313922340a2430316132323633332d353462302d373231332d396334312d64356136393464363665633810021a0a323032392d31322d3139', '2026-11-29 07:27:07.994829+00'),
	(13, '01a22633-56ac-720b-b820-9fb20950f3d5', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a22633-4ebe-71e0-a26f-bf82bc374bca', 2, '2026-12-19 07:27:07.805061+00', 'fd87164f-361a-47ca-b0a1-9361294c3809', '', '', '\x0a2430316132323633332d346562652d373165302d613236662d626638326263333734626361120553412d30341801220a323032362d31322d3139', '2026-11-29 07:27:08.484261+00'),
	(14, '01a22633-5880-74ce-8155-7afa102fca86', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a22633-4ebf-715a-adf4-35feb300e901', 1, '2026-12-19 07:27:08.255979+00', '6ecd2f1c-e201-4703-8821-97a6d9a44d5d', '01a22633-583f-7fe7-b358-504d4d696444', '', '\x0a2430316132323633332d346562662d373135612d616466342d333566656233303065393031120553412d3034180222340a2430316132323633332d353837332d373835662d386162362d37656330316264636366343710011a0a323032372d30332d313922340a2430316132323633332d353837342d373531372d396366632d36616663383139643266313610021a0a323032392d31322d3139', '2026-11-29 07:27:08.972526+00'),
	(15, '01a22633-5ac1-734c-a379-e643a5a1e9d9', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a22633-4ebf-715a-adf4-35feb300e901', 2, '2026-12-19 07:27:08.840095+00', '24395f56-88c7-4541-b8a2-5933a252e65e', '', '', '\x0a2430316132323633332d346562662d373135612d616466342d333566656233303065393031120553412d30341801220a323032362d31322d3139', '2026-11-29 07:27:09.535218+00'),
	(16, '01a22633-5d32-7c41-b3b4-bb1640d370b3', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', 1, '2026-12-19 07:27:09.460057+00', '632e2bad-aa01-412b-9c5b-13cd6260aac0', '01a22633-5cdd-78af-9392-232abd50f1a0', '', '\x0a2430316132323633332d346563302d376438382d613638332d613735336361346264316337120553412d3034180222340a2430316132323633332d356432362d373661332d613438302d39613263613638656233366510011a0a323032372d30332d313922340a2430316132323633332d356432372d373338642d383164642d31623565623263373431646110021a0a323032392d31322d3139', '2026-11-29 07:27:10.167979+00'),
	(17, '01a22633-5f4d-7e72-82ed-bc4caaa426de', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', 2, '2026-12-19 07:27:10.013646+00', '20a1acbe-9706-44a9-be4a-6e897dbde090', '', '', '\x0a2430316132323633332d346563302d376438382d613638332d613735336361346264316337120553412d30341801220a323032362d31322d3139', '2026-11-29 07:27:10.694302+00'),
	(18, '01a22633-60af-7285-ae49-8a76df0aeef5', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a22633-4ec1-7aef-84ed-e809513ed2c1', 1, '2026-12-19 07:27:10.352901+00', 'd8086e7e-7adb-448a-bac4-60604b12dc16', '01a22633-6066-7c8e-9411-27615338ae33', '', '\x0a2430316132323633332d346563312d376165662d383465642d653830393531336564326331120553412d3034180222340a2430316132323633332d363039642d376334662d393962382d36616264346239616435383410011a0a323032372d30332d313922340a2430316132323633332d363039652d376337662d623566622d31396433333531333335653410021a0a323032392d31322d3139', '2026-11-29 07:27:11.05677+00'),
	(19, '01a22633-6326-7a4c-82ae-c8ba498a2a22', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a22633-4ec1-7aef-84ed-e809513ed2c1', 2, '2026-12-19 07:27:10.988914+00', 'f202d6d0-abca-414b-933b-b4d43840df7f', '', '', '\x0a2430316132323633332d346563312d376165662d383465642d653830393531336564326331120553412d30341801220a323032362d31322d3139', '2026-11-29 07:27:11.682341+00'),
	(20, '01a22633-655b-7323-a8f4-2258be0bb64b', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a22633-4ec2-7394-82b4-db5aaa94198e', 1, '2026-12-19 07:27:11.543624+00', 'f0bf7c8c-e302-4aa7-bca6-a6818c569285', '01a22633-6503-7718-9723-292ecc2c1154', '', '\x0a2430316132323633332d346563322d373339342d383262342d646235616161393431393865120553412d3034180222340a2430316132323633332d363534622d373965302d623964332d37646266616231343432323810011a0a323032372d30332d313922340a2430316132323633332d363534632d373761302d623065322d35333566396264313733346110021a0a323032392d31322d3139', '2026-11-29 07:27:12.25767+00');
INSERT INTO public.outbox VALUES
	(21, '01a22633-6787-7a0b-aa34-4fd3ab4bc1f0', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a22633-4ec2-7394-82b4-db5aaa94198e', 2, '2026-12-19 07:27:12.120142+00', '69161818-c07f-4246-bf1f-6059017acf63', '', '', '\x0a2430316132323633332d346563322d373339342d383262342d646235616161393431393865120553412d30341801220a323032362d31322d3139', '2026-11-29 07:27:12.793502+00'),
	(22, '01a22633-68f6-77a1-8158-4422cbe702a0', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', 1, '2026-12-19 07:27:12.475357+00', '8884e9b0-5eee-405d-a909-81c3a72a6790', '01a22633-68ab-7447-b565-10fcfd8e9a0c', '', '\x0a2430316132323633332d346563332d376637372d613265382d616561373763653964383364120553412d3034180222340a2430316132323633332d363865662d376333362d613932652d37343436313338653731343310011a0a323032372d30332d313922340a2430316132323633332d363866302d373737612d393236632d37623432626261363465363310021a0a323032392d31322d3139', '2026-11-29 07:27:13.181744+00'),
	(23, '01a22633-6a21-7b91-8e83-877beebe8bab', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', 2, '2026-12-19 07:27:12.767897+00', '518d89ae-9d2f-4ad7-9d4e-086722591e19', '', '', '\x0a2430316132323633332d346563332d376637372d613265382d616561373763653964383364120553412d30341801220a323032362d31322d3139', '2026-11-29 07:27:13.47832+00'),
	(24, '01a22633-6c93-7b9b-b0a0-d4113394af45', 'homeward.followup.v1', 'homeward.events.v1.FollowUpsScheduled', '01a22633-4ec4-78e4-9a05-4c148632f47f', 1, '2026-12-19 07:27:13.397404+00', '464c2778-a615-4b80-b9f0-5f5b9717627a', '01a22633-6c41-7676-8cf5-7385640056bb', '', '\x0a2430316132323633332d346563342d373865342d396130352d346331343836333266343766120553412d3338180222340a2430316132323633332d366338362d373337352d383164362d64383764393339376361303410011a0a323032372d30332d313922340a2430316132323633332d366338372d376534652d626366302d38633666336563366363343810021a0a323032392d31322d3139', '2026-11-29 07:27:14.098621+00'),
	(25, '01a22633-6e54-743c-b6bf-eac93f840b22', 'homeward.followup.v1', 'homeward.events.v1.ContactRecorded', '01a22633-4ec4-78e4-9a05-4c148632f47f', 2, '2026-12-19 07:27:13.858082+00', '8a2eaf8f-d216-43a7-afa7-0183528b646e', '', '', '\x0a2430316132323633332d346563342d373865342d396130352d346331343836333266343766120553412d33381801220a323032362d31322d3139', '2026-11-29 07:27:14.538251+00'),
	(27, '01a22633-75c9-72e8-aa1d-468eeadabb82', 'homeward.followup.v1', 'homeward.events.v1.FollowUpDue', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 5, '2027-02-27 17:00:01.052642+00', '01a22633-75a8-74ea-b860-c2de27457f15', '', '', '\x0a2430316132323633332d333734362d376232662d613666332d336562396162393333306565122430316132323633332d336636342d373162392d383035642d3031306532623239313537311801220553412d32302a0a323032372d30322d3238', '2026-11-29 07:27:16.465402+00'),
	(29, '01a22633-97d3-7ff3-99dd-b0cc940b18ef', 'homeward.followup.v1', 'homeward.events.v1.FollowUpOverdue', '01a22633-3745-75af-b7c8-a61140eecd72', 4, '2027-03-13 17:00:01.05735+00', '01a22633-97b2-7507-bf35-8f8abde760cb', '', '', '\x0a2430316132323633332d333734352d373561662d623763382d613631313430656563643732122430316132323633332d336266372d373033362d393836652d6565396465306131396430651801220553412d31352a0a323032372d30322d3238', '2026-11-29 07:27:25.171239+00'),
	(30, '01a22633-aa06-7cde-a46b-10f8419e759c', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', 3, '2027-03-17 17:00:03.319548+00', '930e988e-2beb-4084-8c00-fadba08c63ce', '', '', '\x0a2430316132323633332d346563332d376637372d613265382d616561373763653964383364120553412d30341802', '2026-11-29 07:27:29.828004+00'),
	(26, '01a22633-75be-7431-9908-e0825fc7fffb', 'homeward.followup.v1', 'homeward.events.v1.FollowUpDue', '01a22633-3745-75af-b7c8-a61140eecd72', 3, '2027-02-27 17:00:01.052642+00', '01a22633-75a8-74ea-b860-c2de27457f15', '', '', '\x0a2430316132323633332d333734352d373561662d623763382d613631313430656563643732122430316132323633332d336266372d373033362d393836652d6565396465306131396430651801220553412d31352a0a323032372d30322d3238', '2026-11-29 07:27:16.465402+00'),
	(28, '01a22633-7c9d-76a7-bcba-720c042db3bf', 'homeward.followup.v1', 'homeward.events.v1.FollowUpRecorded', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 6, '2027-02-28 17:00:00.945456+00', '32579002-8530-463a-bade-5c2a064fbcae', '', '', '\x0a2430316132323633332d333734362d376232662d613666332d336562396162393333306565122430316132323633332d336636342d373162392d383035642d3031306532623239313537311801220553412d32302a0a323032372d30332d30313001', '2026-11-29 07:27:18.220447+00'),
	(31, '01a22633-ab3d-752c-8b22-3ab438abdd0f', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a22633-4ec1-7aef-84ed-e809513ed2c1', 3, '2027-03-17 17:00:03.620727+00', 'b4bf3d9e-6c36-4834-b0c3-2c31ba9b4b78', '', '', '\x0a2430316132323633332d346563312d376165662d383465642d653830393531336564326331120553412d30341802', '2026-11-29 07:27:30.136406+00'),
	(32, '01a22633-ab8f-7cd8-afc9-67f069e53d42', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', 3, '2027-03-17 17:00:03.706898+00', '88ece26e-1cd7-4701-b55b-28ebc9838eda', '', '', '\x0a2430316132323633332d346563302d376438382d613638332d613735336361346264316337120553412d30341802', '2026-11-29 07:27:30.212087+00'),
	(33, '01a22633-abe0-737f-9e7a-155aa4cc7387', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a22633-4ec2-7394-82b4-db5aaa94198e', 3, '2027-03-17 17:00:03.790468+00', 'e705c4fd-58b3-4f67-877f-703c1c629d55', '', '', '\x0a2430316132323633332d346563322d373339342d383262342d646235616161393431393865120553412d30341802', '2026-11-29 07:27:30.292595+00'),
	(34, '01a22634-059a-70d9-a435-2c2f04112069', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a22633-4ebe-71e0-a26f-bf82bc374bca', 3, '2027-03-17 17:00:26.693171+00', 'e929ad6a-a111-4779-b77a-cbb4465d6af0', '', '', '\x0a2430316132323633332d346562652d373165302d613236662d626638326263333734626361120553412d30341802', NULL),
	(35, '01a22634-05e6-71e3-9cd8-b323eca53c99', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a22633-4ebf-715a-adf4-35feb300e901', 3, '2027-03-17 17:00:26.798845+00', 'a203a0e4-e22e-4cd2-9e59-b051c261fb3d', '', '', '\x0a2430316132323633332d346562662d373135612d616466342d333566656233303065393031120553412d30341802', NULL),
	(36, '01a22634-0620-7033-b279-fdcad2c3ff00', 'homeward.followup.v1', 'homeward.events.v1.CaseReopened', '01a22633-4ebf-715a-adf4-35feb300e901', 4, '2027-03-17 17:00:26.870457+00', 'bc75b01f-62cb-4326-996a-99ebd705c281', '', '', '\x0a2430316132323633332d346562662d373135612d616466342d333566656233303065393031120553412d3034', NULL),
	(37, '01a22634-0649-7a04-82ab-b4d11bcc9d28', 'homeward.followup.v1', 'homeward.events.v1.CaseClosed', '01a22633-4ebf-715a-adf4-35feb300e901', 5, '2027-03-17 17:00:26.924393+00', '50265474-4fc7-42d8-92cc-d7f60fa056f6', '', '', '\x0a2430316132323633332d346562662d373135612d616466342d333566656233303065393031120553412d30341802', NULL),
	(38, '01a22634-0664-7f9e-8475-6e5ec92a25f7', 'homeward.followup.v1', 'homeward.events.v1.CaseReopened', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', 4, '2027-03-17 17:00:26.953508+00', '8d464b66-c3b1-4fdb-8f15-e047421b6752', '', '', '\x0a2430316132323633332d346563302d376438382d613638332d613735336361346264316337120553412d3034', NULL);
INSERT INTO public.overlay_edition VALUES
	(true, 4);
INSERT INTO public.request_log VALUES
	('SA-20', 'b0be2e08-1e9e-4f09-8ca0-96ca61596303', '/homeward.followup.v1.FollowUpService/RecordContact', '\x9d99f4a8bc467e6e580044b1d258e19a254c18827c128d4eecbc34508c9ac9dc', '\x0a2430316132323633332d333734362d376232662d613666332d3365623961623933333065651001', '2026-11-29 07:27:03.029579+00'),
	('SA-20', '12aa4aee-fd8c-4d6c-b8ac-13c2da624f86', '/homeward.followup.v1.FollowUpService/RecordContact', '\x62b2b9de4558d54c1d955ac26d422c8a801bf08e404b2a6107f2eaf266d6eef8', '\x0a2430316132323633332d333734372d373764642d616636372d3533353763396266646136331001', '2026-11-29 07:27:04.105578+00'),
	('SA-20', 'e4b61f38-7a3d-4aef-a199-8bf2b45a2804', '/homeward.followup.v1.FollowUpService/CloseCase', '\xb164199bfd3806364bafefb5729bfe0aab4f264ec1633bdb3d4dad0fb9351f5d', '\x0a4f0a2430316132323633332d333734372d373764642d616636372d353335376339626664613633120e48572d3230362d3031312d3333351807220553412d32302802320c08c8a7afd8061098a19ea601', '2026-11-29 07:27:04.348623+00'),
	('SA-20', '0296c6fd-ae2d-4cc8-bbd0-fcb571208961', '/homeward.followup.v1.FollowUpService/CloseCase', '\x849473f6c17773328bc4cdc3d07be2c3c68ba54ae33cfeacf8a00a459a4af2a2', '\x0a4f0a2430316132323633332d333734362d376232662d613666332d336562396162393333306565120e48572d3830392d3031362d3934331807220553412d32302802320c08c8a7afd80610a88aecb301', '2026-11-29 07:27:04.377161+00'),
	('SA-20', '1a3209f7-2f39-4e7c-aa4d-00e4c66cb8e3', '/homeward.followup.v1.FollowUpService/ReopenCase', '\x87c4b1eeff2644d2618ebf441dac39ef728a00a31204a8606f612f90eeb1ea5a', '\x0a590a2430316132323633332d333734362d376232662d613666332d336562396162393333306565120e48572d3830392d3031362d3934331806220553412d32303a0c464f4c4c4f575f55505f334d420a323032372d30322d3238', '2026-11-29 07:27:04.708119+00'),
	('SA-04', 'e52e9522-78f8-464c-9439-7f311aa66d72', '/homeward.followup.v1.FollowUpService/RecordContact', '\x70627ab93989830f5d1b9abc9b3810988cdc007de47b490e29d86d011f426289', '\x0a2430316132323633332d346562642d376466382d396163372d6430323762363533373536641001', '2026-12-19 07:27:06.855645+00'),
	('SA-04', '3944033f-7150-4fad-87be-2513c4cbbeaf', '/homeward.followup.v1.FollowUpService/RecordContact', '\x5b21cd43a23e22bf405cdd489abb1b9d0a6cbd5fe158c750e4a134eea68edbf6', '\x0a2430316132323633332d346562652d373165302d613236662d6266383262633337346263611001', '2026-12-19 07:27:07.805061+00'),
	('SA-04', '26df81a3-fe7a-413d-9ed6-28a95d34da35', '/homeward.followup.v1.FollowUpService/RecordContact', '\x466a4d6bc5548326ba60cb43e702d4254bed57b324772dfc31c028f87682df81', '\x0a2430316132323633332d346562662d373135612d616466342d3335666562333030653930311001', '2026-12-19 07:27:08.840095+00'),
	('SA-04', '09b3eb26-8e01-43c5-ad7d-7a6c32909be2', '/homeward.followup.v1.FollowUpService/RecordContact', '\xe23d1c658b8f3474123f1c47a6e6ce74c70e6ba25ef124021fbc0cd7da86639a', '\x0a2430316132323633332d346563302d376438382d613638332d6137353363613462643163371001', '2026-12-19 07:27:10.013646+00'),
	('SA-04', 'ed8c2534-2bc1-49b4-a313-0913c102229b', '/homeward.followup.v1.FollowUpService/RecordContact', '\xd0a87cf8b1c0ac16678a080815ce73b16299bed88a28f499cf63c4602df9e575', '\x0a2430316132323633332d346563312d376165662d383465642d6538303935313365643263311001', '2026-12-19 07:27:10.988914+00'),
	('SA-04', '0e9f5c38-808b-449a-aca9-2d640ff84f85', '/homeward.followup.v1.FollowUpService/RecordContact', '\x62ec68f0a4102372b98348a3fbce03c9b8c46b88ef94039168d4c1ba2110665a', '\x0a2430316132323633332d346563322d373339342d383262342d6462356161613934313938651001', '2026-12-19 07:27:12.120142+00'),
	('SA-04', 'ee054a7d-2f97-4e9e-a85b-52a18dc83652', '/homeward.followup.v1.FollowUpService/RecordContact', '\x90767a682b0dc5120f38b5e4cd51e5a12677330e3adbd115326b68f201e836bc', '\x0a2430316132323633332d346563332d376637372d613265382d6165613737636539643833641001', '2026-12-19 07:27:12.767897+00'),
	('SA-38', '70acbf05-7515-4da1-8449-335846e05cb4', '/homeward.followup.v1.FollowUpService/RecordContact', '\xc5e82244c008cd5c711adbc277930978c3df380837acef93950b875ad85da880', '\x0a2430316132323633332d346563342d373865342d396130352d3463313438363332663437661001', '2026-12-19 07:27:13.858082+00'),
	('SA-20', '8d858134-48fb-4392-9348-6094408bf532', '/homeward.followup.v1.FollowUpService/RecordFollowUp', '\x5808d2137693b6fabfceca500691818d9819318d0a2c74aef4932ffcb46b0694', '\x0a92010a2430316132323633332d336636342d373162392d383035642d303130653262323931353731122430316132323633332d333734362d376232662d613666332d3365623961623933333065651a0e48572d3830392d3031362d3934332203223522280130053a0553412d3230420a323032362d31312d32394a0a323032372d30322d3238520a323032372d30332d30315802', '2027-02-28 17:00:00.945456+00'),
	('SA-04', '1e2e688e-1b44-40b0-90ef-9e969bf4a1e1', '/homeward.followup.v1.FollowUpService/CloseCase', '\x6e94374cdee645b4cddb7c134eda1569cf543fc6314beb7b0a5dea3146f0423c', '\x0a4f0a2430316132323633332d346563332d376637372d613265382d616561373763653964383364120e48572d3936312d3830332d3330371807220553412d30342802320c0893f8eadc0610e0d4af9801', '2027-03-17 17:00:03.319548+00'),
	('SA-04', '425b2cac-909f-4674-9a12-d19b5fb8cf79', '/homeward.followup.v1.FollowUpService/CloseCase', '\xd5fc00ca80b670717285d572ecb0e4b6073cc6511ef6a57d171ddb09f21f5fc7', '\x0a4f0a2430316132323633332d346563312d376165662d383465642d653830393531336564326331120e48572d3730322d3235342d3138321807220553412d30342802320c0893f8eadc0610d895fea702', '2027-03-17 17:00:03.620727+00'),
	('SA-04', '445013f5-da0f-4e73-913f-5775ddaca480', '/homeward.followup.v1.FollowUpService/CloseCase', '\x733cc4ba3c9fc652ae096d5ade0a2dbdd9808ea37e81c2126e4731827e7ee95a', '\x0a4f0a2430316132323633332d346563302d376438382d613638332d613735336361346264316337120e48572d3038382d3239302d3537341807220553412d30342802320c0893f8eadc0610d0d089d102', '2027-03-17 17:00:03.706898+00'),
	('SA-04', '6b35a396-bfb9-4c13-9a29-9c71a4a8b2b0', '/homeward.followup.v1.FollowUpService/CloseCase', '\xf818bcefc945ed141574598251aaa710964ccab4b7147ff91c27a7e06497f5f9', '\x0a4f0a2430316132323633332d346563322d373339342d383262342d646235616161393431393865120e48572d3430322d3030332d3734391807220553412d30342802320c0893f8eadc0610a0abf6f802', '2027-03-17 17:00:03.790468+00'),
	('SA-04', '6535c27c-c962-4ed9-a393-bae9c9cb0b0a', '/homeward.followup.v1.FollowUpService/CloseCase', '\x33b3aa5e5bc34862c50d581ee2339100b5943b30f4a68f659215c5b117aa2e7d', '\x0a4f0a2430316132323633332d346562652d373165302d613236662d626638326263333734626361120e48572d3932332d3630362d3731361807220553412d30342802320c08aaf8eadc0610b8e6c3ca02', '2027-03-17 17:00:26.693171+00'),
	('SA-04', '08c7d814-88bb-4243-a9af-28eb3d6a2ba7', '/homeward.followup.v1.FollowUpService/CloseCase', '\x097baf08f2c2401287df860031d84ae8549e08e827bcc6321d3750fdd6c7bd6b', '\x0a4f0a2430316132323633332d346562662d373135612d616466342d333566656233303065393031120e48572d3630332d3030352d3631311807220553412d30342802320c08aaf8eadc0610c8d0f5fc02', '2027-03-17 17:00:26.798845+00');
INSERT INTO public.request_log VALUES
	('SA-04', '3ea26fe3-9def-479a-a406-c08ed1f9cb98', '/homeward.followup.v1.FollowUpService/ReopenCase', '\x02b5d6d2f0eb6ceb292d4155e944c1c016f916c8969e941857bca5e6e521b4a0', '\x0a590a2430316132323633332d346562662d373135612d616466342d333566656233303065393031120e48572d3630332d3030352d3631311806220553412d30343a0c464f4c4c4f575f55505f334d420a323032372d30332d3139', '2027-03-17 17:00:26.870457+00'),
	('SA-04', '2928b2be-d3c6-4ce1-b705-1220f7f21a43', '/homeward.followup.v1.FollowUpService/CloseCase', '\x233eb316d2b46d3a6824cb3d74ff1b96f25a8be192c00cd04122c71f05fb8dcb', '\x0a4f0a2430316132323633332d346562662d373135612d616466342d333566656233303065393031120e48572d3630332d3030352d3631311807220553412d30342802320c08aaf8eadc0610a8bce4b803', '2027-03-17 17:00:26.924393+00'),
	('SA-04', '847544a2-c0f2-4b9d-8823-8c33004e1e89', '/homeward.followup.v1.FollowUpService/ReopenCase', '\xab7857bfd41c45738f01702db88b07f049199fae01e613aaac6567d7c15047e3', '\x0a590a2430316132323633332d346563302d376438382d613638332d613735336361346264316337120e48572d3038382d3239302d3537341806220553412d30343a0c464f4c4c4f575f55505f334d420a323032372d30332d3139', '2027-03-17 17:00:26.953508+00');
INSERT INTO public.rule_overlay VALUES
	('SEARCH_ESCALATE', 2, 9, 'CALENDAR_DAYS', 'POLICY', 'Invented circular 1', '2026-12-19', '2026-12-19 07:27:14.485275+00');
INSERT INTO public.stream_version VALUES
	('homeward.followup.v1', '01a22633-3747-77dd-af67-5357c9bfda63', 3),
	('homeward.followup.v1', '01a22633-4ebd-7df8-9ac7-d027b653756d', 2),
	('homeward.followup.v1', '01a22633-4ec4-78e4-9a05-4c148632f47f', 2),
	('homeward.followup.v1', '01a22633-3746-7b2f-a6f3-3eb9ab9330ee', 6),
	('homeward.followup.v1', '01a22633-3745-75af-b7c8-a61140eecd72', 4),
	('homeward.followup.v1', '01a22633-4ec3-7f77-a2e8-aea77ce9d83d', 3),
	('homeward.followup.v1', '01a22633-4ec1-7aef-84ed-e809513ed2c1', 3),
	('homeward.followup.v1', '01a22633-4ec2-7394-82b4-db5aaa94198e', 3),
	('homeward.followup.v1', '01a22633-4ebe-71e0-a26f-bf82bc374bca', 3),
	('homeward.followup.v1', '01a22633-4ebf-715a-adf4-35feb300e901', 5),
	('homeward.followup.v1', '01a22633-4ec0-7d88-a683-a753ca4bd1c7', 4);
INSERT INTO public.watcher VALUES
	('followup.deadlines', '2027-03-17 17:00:03.691151+00', '2026-11-29 07:27:30.174657+00');
SELECT pg_catalog.setval('public.inbox_id_seq', 105, true);
SELECT pg_catalog.setval('public.outbox_id_seq', 38, true);
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
