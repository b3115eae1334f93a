// Evaluation in rounds, until the document is clean.
#include "policy/document.h"

#include "policy/document_pass.h"
#include "policy/ledger.h"

namespace gatehouse::policy {
namespace {

constexpr int kMaxRounds = 4;

// Later rounds see the document as it has become; their findings are counted in books of their own, so that
// the decision tells of the document as it came.
void make_clean(boost::json::value& document, const Subject& subject, const RuleSet& rules, Ledger& books) {
  for (int round = 0; round < kMaxRounds; ++round) {
    Ledger fresh(rules.compiled(), subject, books.take_numbering());
    Pass pass(fresh);
    pass.gather(document);
    pass.count();
    fresh.evaluate();
    if (fresh.blocks()) break;
    const bool dirty = pass.plan();
    books.keep_numbering(fresh.take_numbering());
    if (!dirty) return;
    pass.redact(document);
  }
  throw Unjudgeable{"cannot be made clean"};
}

}  // namespace

Evaluated evaluate_document(boost::json::value& document, const Subject& subject, const RuleSet& rules,
                            Numbering numbering) {
  Ledger books(rules.compiled(), subject, std::move(numbering));
  try {
    Pass pass(books);
    pass.gather(document);
    pass.count();
    books.evaluate();
    if (!books.blocks() && pass.plan()) {
      pass.redact(document);
      make_clean(document, subject, rules, books);
    }
  } catch (const Unjudgeable& reason) {
    books.block_because(reason.why);
  } catch (const std::exception&) {
    books.block_because("evaluation error");
  }
  Evaluated result{.decision = books.decision()};
  result.numbering = books.take_numbering();
  return result;
}

}  // namespace gatehouse::policy
