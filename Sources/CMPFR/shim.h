#ifndef DSPEC_CMPFR_SHIM_H
#define DSPEC_CMPFR_SHIM_H

#include <gmp.h>
#include <mpfr.h>

#endif
