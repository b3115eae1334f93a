#include "pg/rows.h"

#include <charconv>

#include <fmt/format.h>

namespace gatehouse::pg {

Rows::Rows(PGresult* result, std::string_view statement)
    : result_(result),
      statement_(statement),
      size_(static_cast<std::size_t>(PQntuples(result))),
      columns_(static_cast<std::size_t>(PQnfields(result))) {}

std::uint64_t Rows::affected() const {
  if (!result_) return 0;
  std::string_view text = PQcmdTuples(result_.get());
  std::uint64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

std::string_view Rows::tag() const {
  return result_ ? PQcmdStatus(result_.get()) : "";
}

std::size_t Rows::column(std::string_view name) const {
  for (std::size_t i = 0; i < columns_; ++i)
    if (name == PQfname(result_.get(), static_cast<int>(i))) return i;
  throw Failure(fmt::format("{}: the result has no column \"{}\"", statement_, name));
}

Field Rows::at(std::size_t row, std::size_t column) const {
  if (row >= size_ || column >= columns_)
    throw Failure(
        fmt::format("{}: no row {} column {} in {} × {}", statement_, row, column, size_, columns_));
  int r = static_cast<int>(row), c = static_cast<int>(column);
  PGresult* result = result_.get();
  return {.bytes = {PQgetvalue(result, r, c), static_cast<std::size_t>(PQgetlength(result, r, c))},
          .type = PQftype(result, c),
          .null = PQgetisnull(result, r, c) == 1,
          .column = PQfname(result, c),
          .statement = statement_};
}

Row Rows::operator[](std::size_t row) const {
  return Row(*this, row);
}

void Rows::refuse_count() const {
  throw Failure(fmt::format("{}: {} rows where one was expected", statement_, size_));
}

Field Row::operator[](std::size_t column) const {
  return rows_->at(index_, column);
}
Field Row::operator[](std::string_view column) const {
  return rows_->at(index_, rows_->column(column));
}

}  // namespace gatehouse::pg
