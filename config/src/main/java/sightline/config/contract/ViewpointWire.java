package sightline.config.contract;

import sightline.config.domain.Viewpoint;

/** Where a depiction is seen from. */
final class ViewpointWire {

    private ViewpointWire() {}

    static sightline.config.wire.Viewpoint write(Viewpoint viewpoint) {
        return sightline.config.wire.Viewpoint.newBuilder()
                .setName(viewpoint.name())
                .setEastM(viewpoint.east())
                .setNorthM(viewpoint.north())
                .setUpM(viewpoint.up())
                .setYawRad(viewpoint.yaw())
                .setPitchRad(viewpoint.pitch())
                .setVerticalViewRad(viewpoint.verticalView())
                .build();
    }

    static Viewpoint read(sightline.config.wire.Viewpoint in) {
        return new Viewpoint(
                in.getName(),
                Checks.finite("viewpoint.east_m", in.getEastM()),
                Checks.finite("viewpoint.north_m", in.getNorthM()),
                Checks.finite("viewpoint.up_m", in.getUpM()),
                Checks.finite("viewpoint.yaw_rad", in.getYawRad()),
                Checks.finite("viewpoint.pitch_rad", in.getPitchRad()),
                Checks.finite("viewpoint.vertical_view_rad", in.getVerticalViewRad()));
    }
}
