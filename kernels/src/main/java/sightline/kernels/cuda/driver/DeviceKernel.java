package sightline.kernels.cuda.driver;

import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.JCudaDriver;
import sightline.kernels.cuda.program.Launch;

/** A kernel that is loaded. Of one context; any thread that is in it. */
public final class DeviceKernel {
    private final CUfunction function;

    DeviceKernel(CUfunction function) {
        this.function = function;
    }

    /** Issues a call of this kernel. */
    public void issue(Launch launch, DeviceStream stream) {
        Pointer parameters = Pointer.to(Pointer.to(launch.params()));
        Launch.Grid grid = launch.grid();
        Calls.check(
                JCudaDriver.cuLaunchKernel(
                        function,
                        grid.x(),
                        grid.y(),
                        grid.z(),
                        launch.block(),
                        1,
                        1,
                        launch.sharedBytes(),
                        stream.handle(),
                        parameters,
                        null),
                "launching " + launch.kernel() + " for " + launch.label());
    }
}
