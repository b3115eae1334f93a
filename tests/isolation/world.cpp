#include "world.h"

#include <fmt/format.h>

#include "pg/error.h"

namespace gatehouse::isolation {
namespace {

pg::Deadline soon() {
  return pg::within(std::chrono::minutes(2));
}

// %o organization, %u its administrator, %n a digit that tells the two organizations' ids apart.
constexpr std::string_view kSeed = R"(
insert into organizations (id, name, slug, region, data_mode) values ('%o', 'Org', 'org-%n', 'us', 'full_content');
insert into users (id, email, name) values ('%u', 'admin@%n.test', 'Admin');
insert into memberships (organization_id, user_id, role_code) values ('%o', '%u', 'OA');
insert into workspaces (organization_id, id, name, workspace_type, owner_user_id, visibility)
  values ('%o', '00000000-0000-7000-8000-0000000%n0001', 'Mine', 'PERSONAL', '%u', 'private');
insert into workspace_users (organization_id, id, workspace_id, user_id)
  values ('%o', '00000000-0000-7000-8000-0000000%n0002', '00000000-0000-7000-8000-0000000%n0001', '%u');
insert into sessions (organization_id, id, user_id, token_hash, expires_at)
  values ('%o', '00000000-0000-7000-8000-0000000%n0003', '%u', sha256('%n'), now() + interval '1 day');
insert into api_keys (organization_id, id, workspace_id, user_id, name, key_hash, last_four)
  values ('%o', '00000000-0000-7000-8000-0000000%n0004', '00000000-0000-7000-8000-0000000%n0001', '%u', 'key', sha256('k%n'), 'abcd');
insert into organization_keys (organization_id, version, master_version, wrapped_key) values ('%o', 1, 1, 'x');
insert into person_keys (organization_id, user_id, key_version, wrapped_key) values ('%o', '%u', 1, 'x');
insert into idempotency_keys (organization_id, principal_id, operation, key_hash, request_hash, status, body)
  values ('%o', '%u', 'createChat', sha256('i'), sha256('r'), 201, '{}');
insert into policy_rules (organization_id, id, workspace_id, name, position, state, directions, condition, outcome, created_by)
  values ('%o', '00000000-0000-7000-8000-0000000%n0005', '00000000-0000-7000-8000-0000000%n0001', 'rule', 0, 'enabled', '{prompt}', '{}', 'warn', '%u');
insert into policy_hits (organization_id, rule_id, day, hits) values ('%o', '00000000-0000-7000-8000-0000000%n0005', '2026-11-20', 3);
insert into providers (organization_id, id, name, kind) values ('%o', '00000000-0000-7000-8000-0000000%n0006', 'demo', 'demo');
insert into provider_keys (organization_id, id, provider_id, sealed_key, key_version, last_four)
  values ('%o', '00000000-0000-7000-8000-0000000%n0007', '00000000-0000-7000-8000-0000000%n0006', 'x', 1, 'abcd');
insert into models (organization_id, id, provider_id, name, upstream_name, display_name)
  values ('%o', '00000000-0000-7000-8000-0000000%n0008', '00000000-0000-7000-8000-0000000%n0006', 'demo/echo', 'echo', 'Echo');
insert into model_calls (organization_id, id, event_id, node, boot, workspace_id, actor_type, actor_id, model, provider, request_id, decision)
  values ('%o', '00000000-0000-7000-8000-0000000%n0009', '%o', 'n', '%o', '00000000-0000-7000-8000-0000000%n0001', 'user', '%u', 'demo/echo', 'demo', 'r', '{}');
insert into metering_events (organization_id, id, workspace_id, actor_type, actor_id, model, provider, input_tokens, output_tokens, is_estimated, cost, outcome)
  values ('%o', '00000000-0000-7000-8000-0000000%n0009', '00000000-0000-7000-8000-0000000%n0001', 'user', '%u', 'demo/echo', 'demo', 1, 1, false, 0, 'completed');
insert into chats (organization_id, id, user_id, workspace_id, title, model)
  values ('%o', '00000000-0000-7000-8000-0000000%n0010', '%u', '00000000-0000-7000-8000-0000000%n0001', 'secret', 'demo/echo');
insert into messages (organization_id, id, chat_id, user_id, workspace_id, role, status, text, model)
  values ('%o', '00000000-0000-7000-8000-0000000%n0011', '00000000-0000-7000-8000-0000000%n0010', '%u', '00000000-0000-7000-8000-0000000%n0001', 'user', 'complete', 'secret', 'demo/echo');
insert into identity_providers (organization_id, id, name, preset, issuer, client_id, client_auth, sealed_secret, secret_last_four, scopes, claims, mapping)
  values ('%o', '00000000-0000-7000-8000-0000000%n0030', 'IdP', 'custom', 'https://idp.test', 'client', 'client_secret_basic', 'x', 'abcd', 'openid', '{}', '{}');
insert into organization_domains (organization_id, id, domain, challenge) values ('%o', '00000000-0000-7000-8000-0000000%n0031', '%n.test', 'challenge');
insert into external_identities (organization_id, id, issuer, subject, user_id, provider_id)
  values ('%o', '00000000-0000-7000-8000-0000000%n0032', 'https://idp.test', 'subject', '%u', '00000000-0000-7000-8000-0000000%n0030');
insert into external_workspace_grants (organization_id, user_id, workspace_id) values ('%o', '%u', '00000000-0000-7000-8000-0000000%n0001');
insert into role_assignments (organization_id, id, role, user_id) values ('%o', '00000000-0000-7000-8000-0000000%n0033', 'Approver', '%u');
insert into external_role_grants (organization_id, user_id, assignment_id) values ('%o', '%u', '00000000-0000-7000-8000-0000000%n0033');
insert into sign_in_attempts (organization_id, id, provider_id, purpose, state_hash, browser_hash, user_id, return_to, expires_at)
  values ('%o', '00000000-0000-7000-8000-0000000%n0034', '00000000-0000-7000-8000-0000000%n0030', 'test', sha256('s%n'), sha256('b'), '%u', '/', now() + interval '10 minutes');
insert into session_origins (organization_id, session_id, provider_id, subject) values ('%o', '00000000-0000-7000-8000-0000000%n0003', '00000000-0000-7000-8000-0000000%n0030', 'subject');
insert into logout_tokens (organization_id, provider_id, jti_hash) values ('%o', '00000000-0000-7000-8000-0000000%n0030', sha256('j'));
insert into audit_outbox (id, organization_id, recorded_at, event) values ('00000000-0000-7000-8000-0000000%n0012', '%o', now(), '{}');
insert into groups (organization_id, id, name) values ('%o', '00000000-0000-7000-8000-0000000%n0013', 'Group');
insert into group_members (organization_id, group_id, user_id) values ('%o', '00000000-0000-7000-8000-0000000%n0013', '%u');
insert into role_assignments (organization_id, id, role, user_id) values ('%o', '00000000-0000-7000-8000-0000000%n0014', 'Operator', '%u');
insert into permissions_acl (organization_id, id, resource_kind, resource_id, action, created_by_user_id, created_for_user_id)
  values ('%o', '00000000-0000-7000-8000-0000000%n0015', 'CHT', '00000000-0000-7000-8000-0000000%n0010', 'REA', '%u', '%u');
insert into service_accounts (organization_id, id, workspace_id, name, permissions)
  values ('%o', '00000000-0000-7000-8000-0000000%n0016', '00000000-0000-7000-8000-0000000%n0001', 'program', '{gateway_call}');
insert into service_account_secrets (organization_id, id, service_account_id, secret_hash, last_four)
  values ('%o', '00000000-0000-7000-8000-0000000%n0017', '00000000-0000-7000-8000-0000000%n0016', sha256('s%n'), 'abcd');
insert into service_account_certificates (organization_id, id, service_account_id, fingerprint, subject, not_before, not_after)
  values ('%o', '00000000-0000-7000-8000-0000000%n0018', '00000000-0000-7000-8000-0000000%n0016', sha256('c%n'), 'CN=x', now(), now());
insert into request_signatures (organization_id, signature) values ('%o', sha256('q%n'));
insert into tenant_secrets (organization_id, version, sealed_secret, last_four) values ('%o', 1, 'x', 'abcd');
insert into tenant_usage (organization_id, month, request_count) values ('%o', '2026-11', 9);
insert into quota_leases (organization_id, id, month, node, granted) values ('%o', '00000000-0000-7000-8000-0000000%n0016', '2026-11', 'n', 3);
insert into usage_snapshots (organization_id, day, workspace_id, model, requests, blocked, failed, input_tokens, output_tokens, cost)
  values ('%o', '2026-11-20', '00000000-0000-7000-8000-0000000%n0001', 'demo/echo', 1, 0, 0, 1, 1, 0);
insert into write_counts (organization_id, workspace_id, hour, writes)
  values ('%o', '00000000-0000-7000-8000-0000000%n0001', '2026-11-20 10:00Z', 1);
insert into invitations (organization_id, id, code_hash, last_four, role_code, invited_by_user_id, max_uses, expires_at)
  values ('%o', '00000000-0000-7000-8000-0000000%n0019', sha256('c'), 'abcd', 'UR', '%u', 1, now() + interval '1 day');
insert into invitation_workspaces (organization_id, invitation_id, workspace_id)
  values ('%o', '00000000-0000-7000-8000-0000000%n0019', '00000000-0000-7000-8000-0000000%n0001');
insert into scim_tokens (organization_id, id, token_hash, last_four, created_by_user_id)
  values ('%o', '00000000-0000-7000-8000-0000000%n0040', sha256('t%n'), 'abcd', '%u');
insert into scim_users (organization_id, user_id, external_id) values ('%o', '%u', 'external');
insert into stage_configs (organization_id, stage, version, config) values ('%o', 'cobranca', 1, '{}');
insert into execution_logs (organization_id, id, request_id, stage, config_version, actor_type, actor_id, outcome, next_best_action, confidence, latency_ms)
  values ('%o', '00000000-0000-7000-8000-0000000%n0020', 'r', 'cobranca', 1, 'user', '%u', 'answered', 'x', 0.5, 1);
insert into audit_marks (organization_id, org_sequence, hash) values ('%o', 1, sha256('secret'));
)";

std::string filled(std::string_view organization, std::string_view user, std::string_view digit) {
  std::string text;
  for (std::size_t i = 0; i < kSeed.size(); ++i) {
    std::string_view rest = kSeed.substr(i);
    if (rest.starts_with("%o"))
      text += organization;
    else if (rest.starts_with("%u"))
      text += user;
    else if (rest.starts_with("%n"))
      text += digit;
    else {
      text += kSeed[i];
      continue;
    }
    ++i;
  }
  return text;
}

}  // namespace

void Session::finish(Task<void> task) {
  bool done = false;
  std::exception_ptr failed;
  asio::co_spawn(io_, std::move(task), [&](std::exception_ptr failure) {
    failed = failure;
    done = true;
  });
  // Not run(): an idle connection may keep waiting for its socket.
  io_.restart();
  while (!done) io_.run_one();
  if (failed) std::rethrow_exception(failed);
}

Session::Session(std::string dsn) {
  finish([](Session& self, std::string to) -> Task<void> {
    self.connection_ = co_await pg::Connection::connect({.dsn = to}, soon());
  }(*this, std::move(dsn)));
}

Answer Session::ask(const std::optional<Context>& context, std::string sql) {
  Answer answer;
  finish([](pg::Connection& on, std::optional<Context> as, std::string text, Answer& out) -> Task<void> {
    pg::Batch batch;
    if (as)
      batch.add_adhoc(
          "select set_config('app.organization_id', $1, true), set_config('app.user_id', $2, true),"
          " set_config('app.reach', $3, true), set_config('app.audited', $4, true),"
          " set_config('app.role_code', $5, true)",
          pg::params(as->organization, as->user, as->reach, as->audited, as->role));
    batch.add_adhoc(std::move(text));
    try {
      auto rows = co_await on.run(std::move(batch), soon());
      out.affected = rows.back().affected();
      if (rows.back().columns() > 0)
        for (std::size_t i = 0; i < rows.back().size(); ++i)
          out.texts.emplace_back(rows.back().at(i, 0).null ? "" : rows.back().at(i, 0).text());
    } catch (const pg::Error& error) {
      out.sqlstate = error.sqlstate();
    }
  }(*connection_, context, std::move(sql), answer));
  return answer;
}

std::vector<std::string> Session::texts(std::string sql) {
  auto answer = ask(std::nullopt, sql);
  if (!answer.sqlstate.empty()) throw Failure(answer.sqlstate + " for " + sql);
  return answer.texts;
}

void Session::script(std::string sql) {
  finish(connection_->execute_script(std::move(sql), soon()));
}

void seed(Session& superuser) {
  superuser.script(filled(kA, kAdminOfA, "a"));
  superuser.script(filled(kB, kAdminOfB, "b"));
  superuser.script(
      fmt::format("insert into users (id, email, name) values ('{1}', 'colleague@a.test', 'Colleague');"
                  "insert into memberships (organization_id, user_id, role_code) values ('{0}', '{1}', 'UR')",
                  kA, kColleagueInA));
}

std::vector<TenantTable> tenant_tables(Session& superuser) {
  std::vector<TenantTable> tables;
  for (auto& name :
       superuser.texts("select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace"
                       " and c.relkind in ('r', 'p') and not c.relispartition"
                       " and (c.relname = 'organizations' or exists (select from pg_attribute a"
                       " where a.attrelid = c.oid and a.attname = 'organization_id')) order by 1"))
    tables.push_back({name, name == "organizations" ? "id" : "organization_id"});
  return tables;
}

}  // namespace gatehouse::isolation
