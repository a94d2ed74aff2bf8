#ifndef DSPEC_CZ3_SHIM_H
#define DSPEC_CZ3_SHIM_H

#include <z3.h>

#endif
