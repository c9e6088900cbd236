#ifndef GEUSE_CSPAWN_H
#define GEUSE_CSPAWN_H
#include <spawn.h>

/* glibc 2.34 declares the function behind it for _GNU_SOURCE only, which Swift's Glibc module is
   not built with. */
int geuse_spawn_closefrom(posix_spawn_file_actions_t *actions, int from);
#endif
