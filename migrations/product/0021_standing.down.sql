drop function check_session(uuid);
drop function hold_standing(boolean, text[], text[], text, text, jsonb);
