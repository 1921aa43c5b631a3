-- Grants, but those to zones, plan units and networks (91_things). The owner migrates. Planners write, but don't
-- truncate, don't touch triggers, and delete only from the tables listed here. The public reads published data. All
-- grants on tables are revoked first, so a grant that is not listed here doesn't exist.
REVOKE ALL ON SCHEMA public FROM PUBLIC, luodi_planner, luodi_public;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM luodi_planner, luodi_public;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM luodi_planner, luodi_public;
GRANT USAGE ON SCHEMA public TO luodi_planner, luodi_public;

-- Tables: reads of planners.
GRANT SELECT ON district, park, park_clock, record, event, proposal, state_change TO luodi_planner;
GRANT SELECT ON parcel, parcel_version, lineage, park_border, double_ground, stray_ground, import_report TO luodi_planner;
GRANT SELECT ON party, party_version, contact, project, project_version, project_tag, project_milestone,
  project_investment, project_turn, project_turned, project_tagged, project_visit, project_reached, team, team_member,
  first_contact, team_target, team_target_held,
  unsigned_lead, project_land_start, land_started, project_money, money_noted, project_park, party_park, tenant, chain, hazard_spacing TO luodi_planner;
GRANT SELECT ON allotment, allotment_version, allotment_parcel, waiting, service, allotment_draw, supply_at_risk
  TO luodi_planner;
GRANT SELECT ON park_public, parcel_public, service_public, land_sum_public, tenant_public, chain_public
  TO luodi_planner;
GRANT SELECT ON parcel_desk, zone_desk, plan_unit_desk, network_desk TO luodi_planner;
GRANT SELECT ON spatial_ref_sys, geometry_columns, geography_columns TO luodi_planner; -- PostGIS's own
GRANT SELECT ON account, membership, session, known_browser, token, invitation, spent_invitation, idempotency, presence,
  saved_match, webhook, dead_letter TO luodi_planner;
GRANT SELECT ON enquiry, enquiry_answer, enquiry_key, spent_challenge TO luodi_planner;
GRANT SELECT ON file, paper_version, paper_public, file_public TO luodi_planner;
GRANT SELECT ON flow_template, project_flow, flow_event, flow_event_held TO luodi_planner;
GRANT SELECT ON ledger_file, ledger_import, ledger_row, ledger_mapping TO luodi_planner;
GRANT SELECT ON agency, project_paper, firm_link, meeting, meeting_minute, project_problem, problem_turn TO luodi_planner;
GRANT SELECT ON building, unit, letting, building_record, unit_now, building_public, unit_public TO luodi_planner;
GRANT SELECT ON reminder_setting, reminder_choice, mail, reminder, calendar_address, account_turn TO luodi_planner;
GRANT SELECT ON team_charge, team_charge_held, expert, judgement, judgement_held, gap_owner, target_firm, target_note,
  project_chain_role, project_chain_role_held, firm_title, title_figure TO luodi_planner;

-- Tables: inserts and updates of planners. Versions are begun and closed; a closed version is not changed.
GRANT INSERT ON district, park, parcel, parcel_version, lineage, import_report TO luodi_planner;
GRANT INSERT ON party, contact, project, project_version, project_tag, project_milestone, project_investment, project_turn,
  project_visit, team, team_member, first_contact, team_target, chain TO luodi_planner;
GRANT INSERT ON allotment, allotment_version, allotment_parcel, waiting, allotment_draw, supply_at_risk
  TO luodi_planner;
GRANT INSERT ON proposal, idempotency, webhook, dead_letter TO luodi_planner;
GRANT INSERT ON account, membership, session, known_browser, token, invitation, spent_invitation, presence, saved_match
  TO luodi_planner;
GRANT INSERT ON enquiry, enquiry_answer, spent_challenge TO luodi_planner;
GRANT INSERT ON file, paper_version TO luodi_planner;
GRANT INSERT ON flow_template, flow_event TO luodi_planner;
GRANT INSERT ON project_land_start, project_money, ledger_file, ledger_import, ledger_row, ledger_mapping
  TO luodi_planner;
GRANT INSERT ON agency, project_paper, firm_link, meeting, meeting_minute, project_problem, problem_turn TO luodi_planner;
GRANT UPDATE (ended_on, ended_by, ended_at, end_reason) ON agency TO luodi_planner;
GRANT UPDATE (used_at, revoked_at, revoked_by, revoke_reason) ON firm_link TO luodi_planner;
GRANT INSERT ON building, unit, letting TO luodi_planner;
GRANT UPDATE (parcel_id, code, name_zh, name_en, stage, since, ready_by, storeys, floor_m2, position, source, illustrative,
  publication, retired, changed_by, reason) ON building TO luodi_planner;
GRANT UPDATE (code, floor, area_m2, clear_height_m, load_t_m2, crane_t, power_kva, rent_cny_m2_month, free_from, publication,
  retired, changed_by, reason) ON unit TO luodi_planner;
GRANT UPDATE (period, state, let_on, document, changed_by, reason) ON letting TO luodi_planner;
GRANT INSERT ON reminder_setting, reminder_choice, mail, reminder, calendar_address TO luodi_planner;
GRANT INSERT (account_id, turn, by, reason) ON account_turn TO luodi_planner;
GRANT UPDATE (hour, digest, lang, email, confirmed_at, code_hash, code_until, code_tries, looked_on) ON reminder_setting
  TO luodi_planner;
GRANT UPDATE (mail, calendar, lead_days) ON reminder_choice TO luodi_planner;
GRANT UPDATE (state, lease, leased_until, tries, next_at, reply, error, decided_by, decided_at, decision_reason) ON mail
  TO luodi_planner;
GRANT UPDATE (revoked_at) ON calendar_address TO luodi_planner;
GRANT UPDATE (reason) ON account_turn TO luodi_planner;
GRANT INSERT ON team_charge, expert, judgement, gap_owner, target_firm, target_note, project_chain_role, firm_title,
  title_figure TO luodi_planner;
GRANT INSERT (district_id, flow_id, project_id, template, template_rev, without, start, agreed, illustrative, started_by)
  ON project_flow TO luodi_planner;
GRANT UPDATE (retired_at, retired_by, retired_reason) ON project_flow TO luodi_planner;
GRANT UPDATE (to_seq, sys) ON parcel_version, allotment_version, allotment_parcel, allotment_draw, waiting,
  paper_version TO luodi_planner;
GRANT UPDATE (geom, hold_shown, map_review_no, old_after_months, corners_told, contact) ON park TO luodi_planner;
GRANT UPDATE (name_zh, name_en, named, source, credit_code) ON party TO luodi_planner;
GRANT UPDATE (name, phone, email, erased_at) ON contact TO luodi_planner;
GRANT UPDATE (party_id) ON project TO luodi_planner;
GRANT UPDATE (name_zh, name_en, placeholder) ON team TO luodi_planner;
GRANT UPDATE (done_at, done_by) ON project_visit TO luodi_planner;
GRANT UPDATE (withdrawn_at, withdrawn_by, withdraw_reason) ON project_tag TO luodi_planner;
GRANT UPDATE (until) ON team_member, expert TO luodi_planner;
GRANT UPDATE (released_at, released_by, release_reason) ON gap_owner TO luodi_planner;
GRANT UPDATE (project_id, closed_at, closed_by, close_reason) ON target_firm TO luodi_planner;
GRANT UPDATE (withdrawn_at, withdrawn_by, withdraw_reason) ON firm_title TO luodi_planner;
GRANT UPDATE (released_at, released_by, release_reason) ON first_contact TO luodi_planner;
GRANT UPDATE (decision, decided_by, decided_at, seq, decision_reason) ON proposal TO luodi_planner;
GRANT UPDATE (login, name, password, disabled_at, erased_at, signed_in_at) ON account TO luodi_planner;
GRANT UPDATE (name, revoked_at) ON token TO luodi_planner;
GRANT UPDATE (hash, expires_at) ON invitation TO luodi_planner;
GRANT UPDATE (seen_at) ON session, known_browser TO luodi_planner;
GRANT UPDATE (parcel_id, seen_at) ON presence TO luodi_planner;
GRANT UPDATE (url, secret, old_secret, old_until, state, cursor, tries, next_at, lease, leased_until, last_at,
  last_status, last_error) ON webhook TO luodi_planner;
GRANT UPDATE (tries, error, resend_at, delivered_at) ON dead_letter TO luodi_planner;
GRANT UPDATE (name, organisation, phone, email, words, need, places, erased_at, assigned_to, answered_at, closed_at,
  district_id, project_id) ON enquiry TO luodi_planner;
GRANT DELETE ON membership, session, known_browser, invitation, spent_invitation, presence, saved_match TO luodi_planner;

-- Tables: reads of the public. The time of a park's changes is public, as its clock is; their content and reason are
-- not.
GRANT SELECT ON park_public, parcel_public, service_public, land_sum_public, tenant_public, chain_public,
  paper_public, file_public, building_public, unit_public
  TO luodi_public;
GRANT SELECT (park_id, seq, at) ON park_clock, record TO luodi_public;
GRANT SELECT (park_id, seq, n, at) ON state_change TO luodi_public;

-- Functions. A new function may be called by everyone until it stands here.
REVOKE EXECUTE ON FUNCTION
  start_clock, begin_record, keep_version, keep_with_record, refuse_tick_within, check_now, -- 11_clock
  keep_code, refuse_blank_reason, -- 12_texts
  begin_version, begin_thing, keep_parcels, count_parcels, count_allotments, count_things, still_as_seen, -- 14_versions
  keep_kind, changed_land, settle_record, ask_settling, -- 30_record
  forebears, is_inherited, swept_overlaps, refuse_overlap, -- 31_overlap
  bend_degrees, reach, farthest_m, begun_land, begun_bounds, near_parks, take_border, take_clocks, root_of_overlap, -- 32_ground
  refuse_double_ground, refuse_stray, refuse_double_right, keep_border, take_new_border, stored_faults,
  balance_of, refuse_lost_ground, refuse_bare_import, refuse_unequal, -- 33_conserve
  keep_lineage, seen_lineage, state_lineage, refuse_false_lineage, -- 34_lineage
  refuse_unreleased, refuse_bad_right, refuse_long_term, -- 35_right
  node_room, refuse_overdraw, -- 36_supply
  stood, refuse_jumped_queue, -- 37_queue
  refuse_dead_zone, -- 38_zone
  keep_party, keep_party_version, keep_contact, keep_project_version, keep_decision, -- 40_project
  keep_milestone, keep_turn, keep_tag, keep_visit, refuse_unlanded, project_today, firm_is_here, -- 41_pipeline
  keep_first_contact, follow_firm, follow_project, keep_member, keep_team_target, -- 42_team
  keep_template, keep_flow, keep_flow_event, -- 43_approval
  keep_land_start, keep_money, -- 46_money
  firm_link_for, keep_firm_link, keep_project_paper, may_run, keep_agency, keep_problem, keep_problem_turn,
  keep_minute, -- 45_agency
  park_today, has_tenant, keep_building, keep_unit, keep_letting, record_building, follow_parcels, -- 44_building
  china_today, keep_piece, keep_charge, keep_expert, keep_judgement, keep_gap_owner, keep_target_firm, -- 47_promotion
  keep_target_note, keep_chain_role, keep_title, keep_title_figure,
  publish_park, is_intention, public_word, version_said, parcel_said, same_word, publish_rows, -- 50_public
  publish_parcels, publish_besides,
  publish_changed_parcels, publish_begun_parcels, publish_allotted_parcels, public_promises, publish_services, hide_past, tell_corners,
  rounded_shape, told_shape, told_services, step_below, step_above, hide_fields, keep_settings,
  publish_changed_services, touched_parcels, doubtful_parcels, refuse_false_word,
  inside_area, add_to_sum, sum_land, sum_anew, sum_within, -- 51_sums
  wake_listeners, wake_account, wake_business, note_change, number_state, keep_webhook, forget_answers, -- 60_events
  keep_enquiry, wake_inbox, erase_enquiries, -- 61_enquiries
  keep_paper, publish_papers, publish_changed_papers, -- 62_papers
  keep_mail, -- 63_reminders
  keep_an_admin, keep_account_turn, refuse_placeholder -- 64_accounts
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_record, check_now, still_as_seen, touched_parcels, forget_answers, erase_enquiries, take_clocks,
  near_parks, stored_faults, reach, bend_degrees, farthest_m, project_today, may_run, park_today,
  china_today, state_lineage TO luodi_planner;

-- PostGIS returns the extent of any table from statistics and indexes; the public must not call these functions.
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT oid FROM pg_proc
            WHERE proname IN ('st_estimatedextent', '_postgis_stats', '_postgis_selectivity',
                              '_postgis_join_selectivity', '_postgis_index_extent')
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
  END LOOP;
END $$;

-- By default any role that may connect can fill the disk with large objects, cancel statements of its own role, wake
-- listeners, and take the advisory lock of the process that expires holds. So these functions are revoked from
-- PUBLIC. Where another role owns them, as in a hosted database, that owner must do it.
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT oid FROM pg_proc
            WHERE pronamespace = 'pg_catalog'::regnamespace
              AND (proname IN ('pg_notify', 'pg_cancel_backend', 'pg_terminate_backend', 'loread', 'lowrite')
                   OR proname ~ '^(lo_|pg_(try_)?advisory_)')
            ORDER BY oid::regprocedure::text
  LOOP
    BEGIN
      EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO CURRENT_USER', f);
    EXCEPTION WHEN insufficient_privilege THEN
      RAISE NOTICE '% stays open to every role: % does not own it', f, current_user;
    END;
  END LOOP;
  GRANT EXECUTE ON FUNCTION pg_notify(text, text), pg_try_advisory_xact_lock(bigint) TO luodi_planner;
EXCEPTION WHEN insufficient_privilege THEN NULL; -- an owner that can't grant it has not taken it away either
END $$;
