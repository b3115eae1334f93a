// The identifiers of the glossary. Different kinds do not mix; all are UUIDv7.
#pragma once

#include "base/uuid.h"

namespace gatehouse {

using OrganizationId = StrongId<struct OrganizationTag>;
using WorkspaceId = StrongId<struct WorkspaceTag>;
using UserId = StrongId<struct UserTag>;
using SessionId = StrongId<struct SessionTag>;
using ApiKeyId = StrongId<struct ApiKeyTag>;
using ExternalIdentityId = StrongId<struct ExternalIdentityTag>;
using SignInAttemptId = StrongId<struct SignInAttemptTag>;
using DomainId = StrongId<struct DomainTag>;
using PlanId = StrongId<struct PlanTag>;
using RuleId = StrongId<struct RuleTag>;
using ProviderId = StrongId<struct ProviderTag>;
using ModelId = StrongId<struct ModelTag>;
using ChatId = StrongId<struct ChatTag>;
using MessageId = StrongId<struct MessageTag>;
using ModelCallId = StrongId<struct ModelCallTag>;
using GroupId = StrongId<struct GroupTag>;
using GrantId = StrongId<struct GrantTag>;
using RoleAssignmentId = StrongId<struct RoleAssignmentTag>;
using InvitationId = StrongId<struct InvitationTag>;
using ServiceAccountId = StrongId<struct ServiceAccountTag>;
using ServiceAccountSecretId = StrongId<struct ServiceAccountSecretTag>;
using ServiceAccountCertificateId = StrongId<struct ServiceAccountCertificateTag>;
using ScimTokenId = StrongId<struct ScimTokenTag>;
using IdentityProviderId = StrongId<struct IdentityProviderTag>;
using AuditEventId = StrongId<struct AuditEventTag>;

}  // namespace gatehouse
