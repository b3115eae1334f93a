// Clearing a request, and the answer to it.
#include "policy/cleared.h"

#include <algorithm>

#include <boost/json/serialize.hpp>

namespace gatehouse::policy {

Clearance clear(boost::json::value document, Subject subject, Owner owner, Target target,
                std::shared_ptr<const RuleSet> rules) {
  subject.direction = Direction::prompt;
  subject.model = target.model;
  subject.provider = target.provider;
  Evaluated evaluated = evaluate_document(document, subject, *rules);
  Clearance clearance{.decision = evaluated.decision};
  if (evaluated.decision.outcome >= Outcome::require_approval) return clearance;

  Cleared cleared;
  cleared.body_ = boost::json::serialize(document);
  cleared.document_ = std::move(document);
  cleared.decision_ = std::move(evaluated.decision);
  cleared.owner_ = owner;
  cleared.target_ = std::move(target);
  cleared.subject_ = std::move(subject);
  cleared.subject_.direction = Direction::response;
  cleared.subject_.stamps = cleared.decision_.stamps;
  cleared.numbering_ = std::move(evaluated.numbering);
  cleared.rules_ = std::move(rules);
  clearance.cleared = std::move(cleared);
  return clearance;
}

std::optional<std::string> Cleared::text(std::string made) const {
  Subject subject = subject_;
  subject.direction = Direction::prompt;
  boost::json::value document(made);
  const auto outcome = evaluate_document(document, subject, *rules_, numbering_).decision.outcome;
  if (outcome >= Outcome::require_approval) return std::nullopt;
  return std::string(document.as_string());
}

ClearedStream::ClearedStream(const Cleared& request)
    : subject_(request.subject_),
      rules_(request.rules_),
      filter_(request.rules_, request.subject_, request.numbering_) {}

std::vector<std::pair<ChannelKey, ClearedText>> ClearedStream::finish_all() {
  std::vector<std::pair<ChannelKey, ClearedText>> rests;
  for (auto& [key, text] : filter_.finish_all()) rests.emplace_back(key, ClearedText(std::move(text)));
  return rests;
}

std::optional<boost::json::value> ClearedStream::document(boost::json::value answer) {
  Evaluated evaluated = evaluate_document(answer, subject_, *rules_, filter_.take_numbering());
  filter_.keep_numbering(std::move(evaluated.numbering));
  const bool passes = evaluated.decision.outcome < Outcome::require_approval;
  document_decision_ =
      document_decision_ ? combined(*document_decision_, evaluated.decision) : std::move(evaluated.decision);
  if (!passes) return std::nullopt;
  return answer;
}

bool ClearedStream::blocked() const {
  return filter_.blocked() ||
         (document_decision_ && document_decision_->outcome >= Outcome::require_approval);
}

Decision ClearedStream::decision() const {
  return document_decision_ ? combined(filter_.decision(), *document_decision_) : filter_.decision();
}

}  // namespace gatehouse::policy
