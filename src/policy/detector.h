// The table of detectors: a new one is a row here and a function that says whether a value begins at a
// symbol.
//
// Scores: the form of a value gives a pattern score, a checksum raises it (or rules the value out), and words
// that go with such values, within 48 symbols before or 32 after, add kContextBonus. Below kScoreFloor
// nothing is found.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "policy/decision.h"
#include "policy/probe.h"

namespace gatehouse::policy {

inline constexpr double kScoreFloor = 0.4;
inline constexpr double kContextBonus = 0.35;
/// From here on words after the value are not waited for.
inline constexpr double kSureScore = 0.7;

enum class DetectorId : std::uint8_t { email, phone, cpf, cnpj, credit_card, iban, secret_key };
inline constexpr std::size_t kDetectors = 7;

/// How a value that is longer than what was read goes on: its tail belongs to it.
enum class Tail : std::uint8_t { none, token, pem };

struct Hit {
  std::size_t end = 0;  // symbol after the last
  double score = 0;
  Tail tail = Tail::none;
};

/// Symbols that a value may begin with.
enum Start : std::uint8_t {
  kStartDigit = 1,
  kStartLetter = 2,
  kStartPlus = 4,
  kStartDash = 8,
  kStartOther = 16
};

struct Detector {
  DetectorId id;
  std::string_view name;         // in rules and decisions
  std::string_view label;        // in masks: [CPF_1]
  std::string_view description;  // for whoever writes rules
  std::optional<Stamp> stamp;
  std::uint8_t starts;
  std::optional<Hit> (*match)(Probe&);
  std::span<const std::string_view> context;  // folded, lower case, one word each
  bool yields;  // weak form: gives way where another detector finds the same characters
};

const std::array<Detector, kDetectors>& detectors();
const Detector* find_detector(std::string_view name);

/// The verdict of a row at the probe's place, context words and floor applied.
std::optional<Hit> detect(const Detector&, Probe&);

std::optional<Hit> match_email(Probe&);
std::optional<Hit> match_phone(Probe&);
std::optional<Hit> match_cpf(Probe&);
std::optional<Hit> match_cnpj(Probe&);
std::optional<Hit> match_credit_card(Probe&);
std::optional<Hit> match_iban(Probe&);
std::optional<Hit> match_secret_key(Probe&);

}  // namespace gatehouse::policy
