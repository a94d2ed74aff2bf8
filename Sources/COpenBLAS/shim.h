#ifndef DSPEC_COPENBLAS_SHIM_H
#define DSPEC_COPENBLAS_SHIM_H

#include <cblas.h>

// cblas enumerations arrive in Swift under different types in different releases; plain integers do not.
static inline void dspec_dgemm(int transA, int transB, int m, int n, int k, double alpha, const double *a, int lda,
                               const double *b, int ldb, double beta, double *c, int ldc) {
  cblas_dgemm(CblasRowMajor, transA ? CblasTrans : CblasNoTrans, transB ? CblasTrans : CblasNoTrans, m, n, k, alpha, a,
              lda, b, ldb, beta, c, ldc);
}

static inline void dspec_use_one_thread(void) { openblas_set_num_threads(1); }

#endif
