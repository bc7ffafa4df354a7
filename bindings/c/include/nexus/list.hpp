/* The records of one response. */
#ifndef NEXUS_LIST_HPP
#define NEXUS_LIST_HPP

#include "result.hpp"

#include <iterator>

namespace nexus {

/* A range of Microdeposit, each made when it is looked at: its iterators are of random access (std::random_access_iterator in
 * C++20), and give values, so that to C++17 they are input iterators. Iterators stay good where the list is moved. */
class List {
public:
    class iterator;
    using const_iterator = iterator;
    using value_type = Microdeposit;
    using reference = Microdeposit;
    using const_reference = Microdeposit;
    using size_type = std::size_t;
    using difference_type = std::ptrdiff_t;

    /* Takes a handle of C over. */
    explicit List(nexus_list *list) noexcept : handle_(list) { nexus_list_len(list, &size_); }
    List(List &&other) noexcept : handle_(std::move(other.handle_)), size_(std::exchange(other.size_, 0)) {}
    List &operator=(List &&other) noexcept
    {
        handle_ = std::move(other.handle_);
        size_ = std::exchange(other.size_, 0);
        return *this;
    }
    ~List() = default;

    [[nodiscard]] size_type size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    /* `at` must be below `size()`: the process ends by std::abort() otherwise. So for `front` and `back` of an empty list. */
    [[nodiscard]] Microdeposit operator[](size_type at) const noexcept { return get(handle_.get(), at); }
    [[nodiscard]] Microdeposit front() const noexcept { return (*this)[0]; }
    [[nodiscard]] Microdeposit back() const noexcept { return (*this)[size_ - 1]; }
    /* Throws InvalidInput where `at` is not below `size()`. */
    [[nodiscard]] Microdeposit at(size_type at) const { return try_at(at).value(); }
    [[nodiscard]] Result<Microdeposit> try_at(size_type at) const
    {
        nexus_microdeposit *record = nullptr;
        return detail::coded(nexus_list_get(handle_.get(), at, &record)).transform([&] { return Microdeposit{record}; });
    }

    [[nodiscard]] iterator begin() const & noexcept;
    [[nodiscard]] iterator end() const & noexcept;
    [[nodiscard]] iterator cbegin() const & noexcept;
    [[nodiscard]] iterator cend() const & noexcept;
    iterator begin() const && = delete;
    iterator end() const && = delete;
    iterator cbegin() const && = delete;
    iterator cend() const && = delete;

private:
    static Microdeposit get(const nexus_list *list, size_type at) noexcept
    {
        nexus_microdeposit *record = nullptr;
        if (nexus_list_get(list, at, &record) != NEXUS_OK)
            std::abort();
        return Microdeposit{record};
    }
    detail::Owned<nexus_list, nexus_list_free> handle_;
    size_type size_ = 0;
};

namespace detail {

/* What `->` of an iterator points to: a record that ends with the expression, so that it lends no text. */
class Passing : private Microdeposit {
public:
    explicit Passing(Microdeposit record) noexcept : Microdeposit(std::move(record)) {}
    using Microdeposit::account_type;
    using Microdeposit::created_at;
    using Microdeposit::is_terminal;
    using Microdeposit::may_verify;
    using Microdeposit::status;
    using Microdeposit::to_json;
    using Microdeposit::updated_at;
    using Microdeposit::verified_at;
    const Passing *operator->() const noexcept { return this; }
    std::string_view guid() const = delete;
    std::optional<std::string_view> account_type_name() const = delete;
    std::optional<std::string_view> account_number() const = delete;
    std::optional<std::string_view> routing_number() const = delete;
    std::optional<std::string_view> account_name() const = delete;
    std::optional<std::string_view> first_name() const = delete;
    std::optional<std::string_view> last_name() const = delete;
    std::optional<std::string_view> email() const = delete;
    std::optional<std::string_view> institution_name() const = delete;
    std::optional<std::string_view> error_code() const = delete;
    std::optional<std::string_view> error_message() const = delete;
    std::optional<std::string_view> expose(Field) const = delete;
};

} // namespace detail

/* A place in a list. One of a list that is gone, and one beyond its end, must not be looked at: the process ends. */
class List::iterator {
public:
    using iterator_concept = std::random_access_iterator_tag;
    using iterator_category = std::input_iterator_tag;
    using value_type = Microdeposit;
    using difference_type = std::ptrdiff_t;
    using reference = Microdeposit;
    using pointer = detail::Passing;

    iterator() noexcept = default;

    [[nodiscard]] Microdeposit operator*() const noexcept { return get(list_, static_cast<size_type>(at_)); }
    pointer operator->() const noexcept { return pointer{**this}; }
    [[nodiscard]] Microdeposit operator[](difference_type steps) const noexcept { return *(*this + steps); }

    iterator &operator++() noexcept { return *this += 1; }
    iterator &operator--() noexcept { return *this -= 1; }
    iterator operator++(int) noexcept { return std::exchange(*this, *this + 1); }
    iterator operator--(int) noexcept { return std::exchange(*this, *this - 1); }
    iterator &operator+=(difference_type steps) noexcept
    {
        at_ += steps;
        return *this;
    }
    iterator &operator-=(difference_type steps) noexcept { return *this += -steps; }
    [[nodiscard]] friend iterator operator+(iterator one, difference_type steps) noexcept { return one += steps; }
    [[nodiscard]] friend iterator operator+(difference_type steps, iterator one) noexcept { return one += steps; }
    [[nodiscard]] friend iterator operator-(iterator one, difference_type steps) noexcept { return one -= steps; }
    [[nodiscard]] friend difference_type operator-(iterator one, iterator other) noexcept { return one.at_ - other.at_; }

    friend bool operator==(iterator one, iterator other) noexcept { return one.at_ == other.at_; }
    friend bool operator!=(iterator one, iterator other) noexcept { return one.at_ != other.at_; }
    friend bool operator<(iterator one, iterator other) noexcept { return one.at_ < other.at_; }
    friend bool operator>(iterator one, iterator other) noexcept { return one.at_ > other.at_; }
    friend bool operator<=(iterator one, iterator other) noexcept { return one.at_ <= other.at_; }
    friend bool operator>=(iterator one, iterator other) noexcept { return one.at_ >= other.at_; }

private:
    friend class List;
    iterator(const nexus_list *list, size_type at) noexcept : list_(list), at_(static_cast<difference_type>(at)) {}
    const nexus_list *list_ = nullptr;
    difference_type at_ = 0;
};

inline List::iterator List::begin() const & noexcept { return {handle_.get(), 0}; }
inline List::iterator List::end() const & noexcept { return {handle_.get(), size_}; }
inline List::iterator List::cbegin() const & noexcept { return begin(); }
inline List::iterator List::cend() const & noexcept { return end(); }

} // namespace nexus

#endif
