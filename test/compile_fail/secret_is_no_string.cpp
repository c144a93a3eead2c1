// error: conversion|convert|initialize
#include <string>

#include "base/secret.hpp"

std::string text_of(const leat::Secret& secret) {
#ifdef REFUSED
  return secret;
#else
  return secret.reveal();
#endif
}
