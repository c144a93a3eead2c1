#include "cli/program.hpp"

int main(int argc, char** argv) { return leat::cli::run_program(argc, argv); }
