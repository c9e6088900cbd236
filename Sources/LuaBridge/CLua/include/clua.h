#ifndef GEUSE_CLUA_H
#define GEUSE_CLUA_H
#endif
