package sightline.kernels.cuda.driver;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import jcuda.NativePointerObject;
import jcuda.driver.CUdeviceptr;

/** JCuda keeps a pointer's number to itself but for a protected getter; parameter structures and our own calls need it. */
final class Addresses extends CUdeviceptr {
    private static final MethodHandle NUMBER = number();

    private Addresses(CUdeviceptr pointer) {
        super(pointer);
    }

    static long of(CUdeviceptr pointer) {
        Addresses view = new Addresses(pointer);
        return view.getNativePointer() + view.getByteOffset();
    }

    /** The number of a handle: a stream, a function. */
    static long of(NativePointerObject handle) {
        try {
            return (long) NUMBER.invokeExact(handle);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static MethodHandle number() {
        try {
            return MethodHandles.privateLookupIn(NativePointerObject.class, MethodHandles.lookup())
                    .findVirtual(NativePointerObject.class, "getNativePointer", MethodType.methodType(long.class));
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("this JCuda hides its pointers otherwise", changed);
        }
    }

    @Override
    protected long getNativePointer() {
        return super.getNativePointer();
    }
}
