package sightline.kernels.cuda;

import jcuda.driver.CUdeviceptr;

/** JCuda keeps a pointer's number to itself but for a protected getter; parameter structures need the number. */
final class Addresses extends CUdeviceptr {
    private Addresses(CUdeviceptr pointer) {
        super(pointer);
    }

    static long of(CUdeviceptr pointer) {
        Addresses view = new Addresses(pointer);
        return view.getNativePointer() + view.getByteOffset();
    }

    @Override
    protected long getNativePointer() {
        return super.getNativePointer();
    }
}
