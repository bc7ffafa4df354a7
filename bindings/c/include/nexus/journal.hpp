/* Journals: for processes that may be killed. */
#ifndef NEXUS_JOURNAL_HPP
#define NEXUS_JOURNAL_HPP

#include "result.hpp"

namespace nexus {

/* A journal of creates and submissions in a file, so that a process that is killed goes on without doubling; see
 * nexus_journal_open. */
class Journal {
public:
    /* Opens or creates the file. `key` is a secret of the caller's, at least 16 bytes, always the same with the same file.
     * Throws InvalidInput where the file cannot be opened, or is none with this key. */
    [[nodiscard]] static Journal open(std::string_view path, std::string_view key) { return try_open(path, key).value(); }
    [[nodiscard]] static Result<Journal> try_open(std::string_view path, std::string_view key)
    {
        const detail::CText where{path};
        return detail::attempt<Journal, nexus_journal *>([&](nexus_journal **out, nexus_error **error) {
            return nexus_journal_open(where.get(), key.data(), key.size(), out, error);
        });
    }

    /* Takes a handle of C over. */
    explicit Journal(nexus_journal *journal) noexcept : handle_(journal) {}
    /* The handle of C, for its functions; this keeps it. */
    [[nodiscard]] const nexus_journal *get() const noexcept { return handle_.get(); }

private:
    detail::Owned<nexus_journal, nexus_journal_free> handle_;
};

} // namespace nexus

#endif
