drop function hold_standing(uuid, uuid, text[], text[]);
