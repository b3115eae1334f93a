drop function check_session(uuid);
drop function hold_standing(text[], text[]);
