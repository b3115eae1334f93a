// The result of one statement: rows by index, columns by name or position, or mapped to described structs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <libpq-fe.h>

#include "pg/field.h"

namespace gatehouse::pg {

template <class T>
concept DescribedStruct = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

class Rows;

/// One row; a view, valid as long as its Rows.
class Row {
 public:
  Field operator[](std::size_t column) const;
  Field operator[](std::string_view column) const;
  template <class T>
  T get(std::size_t column) const {
    return (*this)[column].template get<T>();
  }
  template <class T>
  T get(std::string_view column) const {
    return (*this)[column].template get<T>();
  }

 private:
  friend class Rows;
  Row(const Rows& rows, std::size_t index) : rows_(&rows), index_(index) {}

  const Rows* rows_;
  std::size_t index_;
};

/// Owns the result. Views handed out (string_view, span, Row, Field) die with it. Move only.
class Rows {
 public:
  Rows() = default;
  /// Takes ownership; `statement` lives as long as the process or is a literal.
  Rows(PGresult* result, std::string_view statement);

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::size_t columns() const { return columns_; }
  /// Rows inserted, updated, deleted or selected.
  std::uint64_t affected() const;
  /// The command tag, as `INSERT 0 1`.
  std::string_view tag() const;

  Row operator[](std::size_t row) const;
  Field at(std::size_t row, std::size_t column) const;
  /// Throws Failure if there is no such column.
  std::size_t column(std::string_view name) const;

  /// Every row as a T: a described struct is mapped by the names of its members, which must all be columns;
  /// anything else reads the first column.
  template <class T>
  std::vector<T> as() const;
  /// The only row. Throws Failure if there is none or more than one.
  template <class T>
  T one() const;
  /// The only row or nothing. Throws Failure if there is more than one.
  template <class T>
  std::optional<T> find_one() const;

 private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  template <class T>
  using Members =
      boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

  template <class T>
  T read(std::size_t row, const std::vector<std::size_t>& layout) const;
  template <class T>
  std::vector<std::size_t> layout() const;
  [[noreturn]] void refuse_count() const;

  std::unique_ptr<PGresult, Clear> result_;
  std::string_view statement_;
  std::size_t size_ = 0;
  std::size_t columns_ = 0;
};

template <class T>
std::vector<std::size_t> Rows::layout() const {
  std::vector<std::size_t> columns;
  if constexpr (DescribedStruct<T>)
    boost::mp11::mp_for_each<Members<T>>([&](auto member) { columns.push_back(column(member.name)); });
  return columns;
}

template <class T>
T Rows::read(std::size_t row, const std::vector<std::size_t>& layout) const {
  if constexpr (DescribedStruct<T>) {
    T value{};
    std::size_t next = 0;
    boost::mp11::mp_for_each<Members<T>>([&](auto member) {
      using Member = std::remove_cvref_t<decltype(value.*member.pointer)>;
      value.*member.pointer = at(row, layout[next++]).template get<Member>();
    });
    return value;
  } else {
    return at(row, 0).template get<T>();
  }
}

template <class T>
std::vector<T> Rows::as() const {
  std::vector<T> all;
  all.reserve(size_);
  auto columns = layout<T>();
  for (std::size_t row = 0; row < size_; ++row) all.push_back(read<T>(row, columns));
  return all;
}

template <class T>
std::optional<T> Rows::find_one() const {
  if (size_ > 1) refuse_count();
  if (size_ == 0) return std::nullopt;
  return read<T>(0, layout<T>());
}

template <class T>
T Rows::one() const {
  if (size_ != 1) refuse_count();
  return read<T>(0, layout<T>());
}

}  // namespace gatehouse::pg
