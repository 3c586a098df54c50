package sightline.kernels.cuda.driver;

import jcuda.driver.JCudaDriver;

/** Every driver call passes here: no result code is dropped. */
final class Calls {
    private Calls() {}

    static void check(int code, String doing) {
        if (code != 0) {
            String[] name = new String[1];
            JCudaDriver.cuGetErrorName(code, name);
            throw CudaFailure.of(code, name[0], doing);
        }
    }
}
