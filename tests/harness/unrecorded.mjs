// What an operation does while its event can be kept nowhere: neither in an outbox nor on a chain.

const records = [['us', 'audit_outbox'], ['eu', 'audit_outbox'], ['us_audit', 'audit_events'], ['eu_audit', 'audit_events']];
const everywhere = (databases, sql) => Promise.all(records.map(([name, table]) => databases.rows(name, sql(table))));

/** Makes the call meanwhile: its reply, and the tables that it changed. */
export async function unrecorded(databases, call) {
  const before = await databases.snapshot();
  await everywhere(databases, (table) => `
    create function refuse_record() returns trigger language plpgsql as $$ begin raise exception 'no record' using errcode = '58030'; end $$;
    create trigger refuse_record before insert on ${table} for each row execute function refuse_record()`);
  let reply;
  try {
    reply = await call();
  } finally {
    await everywhere(databases, () => 'drop function refuse_record() cascade');
  }
  const now = await databases.snapshot();
  return { reply, changes: Object.keys(now).filter((table) => now[table] !== before[table]) };
}
