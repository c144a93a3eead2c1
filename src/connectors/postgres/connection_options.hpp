#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clients/postgres/connection.hpp"
#include "config/options.hpp"
#include "core/catalog.hpp"

namespace leat::connectors::postgres {

/// How a server is reached, as a pipeline or a connection of leat.yml says it.
struct ConnectionOptions {
  std::string connection;
  config::Located<std::string> url;
  std::string host;
  std::optional<std::uint64_t> port;
  std::string database;
  std::string user;
  std::optional<config::SecretRef> password;
  std::string sslmode;
  std::string sslrootcert;
  std::string sslcert;
  std::string sslkey;
  config::Duration connect_timeout{std::chrono::seconds(10)};
  config::Duration lock_timeout{std::chrono::seconds(10)};
  config::Duration statement_timeout{std::chrono::seconds(0)};
};

/// The lines of a table of options that has them.
template <typename O>
void add_connection_lines(std::vector<config::TableLine<O>>& lines) {
  using config::option;
  using C = ConnectionOptions;
  lines.emplace_back(option("connection", &C::connection,
                            "A connection of leat.yml; what else is said here is laid over it.")
                         .example("dw"));
  lines.emplace_back(option("url", &C::url, "Where the server is, without a password.")
                         .example("postgresql://etl@db.internal/dw"));
  lines.emplace_back(option("host", &C::host,
                            "Name or address of the server, or the folder of "
                            "its socket.")
                         .example("db.internal"));
  lines.emplace_back(option("port", &C::port, "Its port.").between(1, 65535));
  lines.emplace_back(option("database", &C::database, "The database.").example("dw"));
  lines.emplace_back(option("user", &C::user, "Whom to sign in as.").example("etl"));
  lines.emplace_back(option("password", &C::password, "The user's password: a secret.")
                         .example("\"${secret:dw_password}\""));
  lines.emplace_back(
      option(
          "sslmode", &C::sslmode,
          "What is asked of TLS. Default: verify-full, and prefer for this machine's own server.")
          .choices({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}));
  lines.emplace_back(option("sslrootcert", &C::sslrootcert,
                            "File of the certificates that the server's must come from; default: "
                            "those of the system.")
                         .example("certs/ca.pem"));
  lines.emplace_back(
      option("sslcert", &C::sslcert, "File of our own certificate.").example("certs/etl.pem"));
  lines.emplace_back(option("sslkey", &C::sslkey, "File of its key.").example("certs/etl.key"));
  lines.emplace_back(
      option("connect_timeout", &C::connect_timeout, "How long to try to reach the server."));
  lines.emplace_back(option("lock_timeout", &C::lock_timeout,
                            "How long to wait for a lock that somebody else holds."));
  lines.emplace_back(
      option("statement_timeout", &C::statement_timeout,
             "How long one statement may take, and how long the server may be silent "
             "meanwhile; 0s: any time."));
}

/// A connection of leat.yml by itself. What stands in it for its nodes alone (a schema) comes into
/// `of_nodes`.
std::optional<ConnectionOptions> read_connection(const config::Node& node,
                                                 config::Findings& findings,
                                                 std::vector<const config::Node::Entry*>& of_nodes);
/// The complaint about a key of it that nobody knows.
void add_unknown_key(const config::Node& key, config::Findings& findings);

/// Complaints that need more than one option to be seen.
void judge_connection(const ConnectionOptions& options, const config::Node& node,
                      config::Findings& findings);

/// Errors   config  a secret that nobody knows.
Result<leat::postgres::Server> server_of(const ConnectionOptions& options,
                                         const BuildContext& context);

/// "dw on db.internal", for people; never with a password.
std::string shown_server(const ConnectionOptions& options);
/// The same for comparing two of them.
std::string server_key(const ConnectionOptions& options);
/// "psql -h db.internal -d dw"
std::string psql_command(const ConnectionOptions& options);

}  // namespace leat::connectors::postgres
