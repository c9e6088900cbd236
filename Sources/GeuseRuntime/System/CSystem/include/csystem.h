#ifndef GEUSE_CSYSTEM_H
#define GEUSE_CSYSTEM_H
#include "cspawn.h"
#include <zlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>
#endif
