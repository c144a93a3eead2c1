#include "clients/postgres/fault.hpp"

#include <algorithm>
#include <array>

namespace leat::postgres {
namespace {

/// What is known of a state, or of a class of them.
struct Known {
  std::string_view state;  ///< Two characters: the class.
  Fault fault;
  bool busy;
  std::string_view hint;
  bool is_grave = false;  ///< The server's machine itself: as Error::grave.
};

/// The first that fits counts.
constexpr std::array kKnown{
    Known{"55P03", Fault::external, true,
          "somebody else holds the lock: wait and run again, or "
          "wait longer: `lock_timeout: 1m`"},
    Known{"40P01", Fault::external, true, "nothing was changed; run again"},
    Known{"40001", Fault::external, true, "nothing was changed; run again"},
    Known{"42P07", Fault::external, true, "somebody else has made it meanwhile: run again"},
    Known{"55006", Fault::external, true, "somebody else uses it: wait and run again"},
    Known{"57014", Fault::external, false, "allow it more time: `statement_timeout`"},
    Known{"53100", Fault::external, false, "make room on the server's disk and run again", true},
    Known{"53200", Fault::external, false,
          "the server has no memory left: lower its `work_mem`, or give it more, and run again",
          true},
    Known{"53300", Fault::external, true, "the server has no connection left: wait and run again"},
    Known{"25006", Fault::external, false,
          "the server, the database or the user is read-only: name the primary server"},
    Known{"28P01", Fault::config, false, "see to `user` and `password` of the connection"},
    Known{"28", Fault::config, false,
          "see to `user` and `password` of the connection, and to the "
          "server's pg_hba.conf"},
    Known{"3D000", Fault::config, false, "see to `database` of the connection"},
    Known{"42501", Fault::config, false, "the connection's user needs this privilege: GRANT it"},
    Known{"P0001", Fault::data, false, ""},
    Known{"44000", Fault::data, false, ""},
    Known{"22021", Fault::data, false,
          "a text of the database is no UTF-8: read it by `query:`, as bytes with "
          "`convert_to(name, 'SQL_ASCII') AS name`, or from what it is with "
          "`convert_from(convert(convert_to(name, 'SQL_ASCII'), 'LATIN1', 'UTF8'), 'UTF8') AS "
          "name`"},
    Known{"22", Fault::data, false, ""},
    Known{"23", Fault::data, false, ""},
    Known{"0A", Fault::config, false, ""},
    Known{"2B", Fault::config, false, "something else depends on it"},
    Known{"3F", Fault::config, false, ""},
    Known{"42", Fault::config, false, ""},
};

/// What is known of the words that are said before there is a state.
struct KnownWords {
  std::string_view words;
  Fault fault;
  bool busy;
  std::string_view hint;
};

constexpr std::string_view kSignIn = "see to `user` and `password` of the connection";
constexpr std::string_view kCertificate =
    "see to the server's certificate, whose signature it bears and until when it holds, and to "
    "`sslrootcert` and `host` of the connection";

constexpr std::array kKnownWords{
    KnownWords{"too many connections", Fault::external, true,
               "the role or the database may have no connection more: wait and run again"},
    KnownWords{"password authentication failed", Fault::config, false, kSignIn},
    KnownWords{"no password supplied", Fault::config, false, kSignIn},
    KnownWords{"no pg_hba.conf entry", Fault::config, false,
               "the server's pg_hba.conf lets nobody in from here as this user"},
    KnownWords{"role \"", Fault::config, false, kSignIn},
    KnownWords{"database \"", Fault::config, false, "see to `database` of the connection"},
    KnownWords{"certificate", Fault::config, false, kCertificate},
    KnownWords{"does not support SSL", Fault::config, false,
               "the server has no TLS: `sslmode: disable` where that is meant"},
    KnownWords{"too many clients", Fault::external, true,
               "the server has no connection left: wait and run again"},
    KnownWords{"remaining connection slots", Fault::external, true,
               "the server has no connection left: wait and run again"},
    KnownWords{"starting up", Fault::external, true, "wait and run again"},
    KnownWords{"shutting down", Fault::external, true, "wait and run again"},
};

}  // namespace

Error explain(const Complaint& complaint) {
  // Two create one name at once: a catalog has it twice.
  const bool is_name = complaint.state == "23505" && complaint.schema == "pg_catalog";
  const auto state = is_name ? std::string_view("42P07") : std::string_view(complaint.state);
  const auto found = std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& known) {
    return state.starts_with(known.state);
  });
  const bool is_known = found != kKnown.end() && !complaint.state.empty();
  auto text = complaint.message;
  if (!complaint.detail.empty()) text += ": " + complaint.detail;
  Error error(is_known ? found->fault : Fault::external, std::move(text));
  if (!complaint.state.empty()) error = std::move(error).with("sqlstate", complaint.state);
  if (!is_known) return error;
  if (found->busy) error = std::move(error).busy();
  if (found->is_grave) error = std::move(error).grave();
  return found->hint.empty() ? error : std::move(error).hint(std::string(found->hint));
}

Error explain_refused(const std::string& message) {
  const auto found = std::find_if(
      kKnownWords.begin(), kKnownWords.end(),
      [&](const KnownWords& known) { return message.find(known.words) != std::string::npos; });
  if (found == kKnownWords.end()) {
    return Error(Fault::external, message)
        .hint("see that the server runs, and to `host` and `port`");
  }
  Error error(found->fault, message);
  if (found->busy) error = std::move(error).busy();
  return std::move(error).hint(std::string(found->hint));
}

}  // namespace leat::postgres
