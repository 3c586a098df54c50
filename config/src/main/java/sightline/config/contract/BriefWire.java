package sightline.config.contract;

import java.util.List;
import sightline.config.domain.Brief;
import sightline.config.domain.Brief.Posture;
import sightline.config.site.GroundPoint;
import sightline.config.site.Line;
import sightline.config.site.Zone;
import sightline.config.wire.BriefLine;
import sightline.config.wire.BriefPerson;
import sightline.config.wire.BriefVehicle;
import sightline.config.wire.BriefZone;
import sightline.config.wire.Covariance2;

/** The brief inside a render request. */
final class BriefWire {

    private BriefWire() {}

    static sightline.config.wire.Brief write(Brief brief) {
        var out = sightline.config.wire.Brief.newBuilder()
                .setVersion(Brief.VERSION)
                .setEvent(brief.event())
                .setKind(EventWire.write(brief.kind()))
                .setWhat(brief.what())
                .setTime(Stamps.write(brief.timeNanos()))
                .setViewpoint(ViewpointWire.write(brief.viewpoint()))
                .setSunElevationRad(brief.sunElevation())
                .setOrigin(Names.write(brief.origin()));
        brief.people().forEach(person -> out.addPeople(write(person)));
        brief.vehicles().forEach(vehicle -> out.addVehicles(write(vehicle)));
        for (Zone zone : brief.zones()) {
            var one = BriefZone.newBuilder().setName(zone.name());
            zone.outline().forEach(corner -> one.addOutline(write(corner)));
            out.addZones(one);
        }
        for (Line line : brief.lines()) {
            out.addLines(BriefLine.newBuilder()
                    .setName(line.name())
                    .setFrom(write(line.from()))
                    .setTo(write(line.to())));
        }
        return out.build();
    }

    static Brief read(sightline.config.wire.Brief in) {
        if (in.getVersion() != Brief.VERSION) {
            throw Checks.unknown("brief.version", in.getVersion());
        }
        Checks.present("brief.time", in.hasTime());
        Checks.present("brief.viewpoint", in.hasViewpoint());
        return new Brief(
                Checks.named("brief.event", in.getEvent()),
                EventWire.read(in.getKind()),
                in.getWhat(),
                Stamps.read("brief.time", in.getTime()),
                ViewpointWire.read(in.getViewpoint()),
                in.getPeopleList().stream().map(BriefWire::read).toList(),
                in.getVehiclesList().stream().map(BriefWire::read).toList(),
                in.getZonesList().stream()
                        .map(zone -> new Zone(zone.getName(), points(zone.getOutlineList())))
                        .toList(),
                in.getLinesList().stream()
                        .map(line -> new Line(line.getName(), read(line.getFrom()), read(line.getTo())))
                        .toList(),
                Checks.finite("brief.sun_elevation_rad", in.getSunElevationRad()),
                Names.read(in.getOrigin()));
    }

    private static BriefPerson write(Brief.Person person) {
        return BriefPerson.newBuilder()
                .setTrack(person.track())
                .setAt(write(person.at()))
                .setHeadingRad(person.heading())
                .setSpeedMS(person.speed())
                .setHeightM(person.height())
                .setCovarianceM2(covariance(person.uncertainty()))
                .setPosture(person.posture().name())
                .setInvolved(person.involved())
                .build();
    }

    private static Brief.Person read(BriefPerson in) {
        return new Brief.Person(
                Checks.named("person.track", in.getTrack()),
                read(in.getAt()),
                Checks.finite("person.heading_rad", in.getHeadingRad()),
                Checks.finite("person.speed_m_s", in.getSpeedMS()),
                Checks.finite("person.height_m", in.getHeightM()),
                posture(in.getPosture()),
                covariance(in.getCovarianceM2()),
                in.getInvolved());
    }

    private static BriefVehicle write(Brief.Vehicle vehicle) {
        return BriefVehicle.newBuilder()
                .setTrack(vehicle.track())
                .setLabel(Names.write(vehicle.label()))
                .setAt(write(vehicle.at()))
                .setHeadingRad(vehicle.heading())
                .setSpeedMS(vehicle.speed())
                .setLengthM(vehicle.length())
                .setWidthM(vehicle.width())
                .setHeightM(vehicle.height())
                .setCovarianceM2(covariance(vehicle.uncertainty()))
                .setInvolved(vehicle.involved())
                .build();
    }

    private static Brief.Vehicle read(BriefVehicle in) {
        return new Brief.Vehicle(
                Checks.named("vehicle.track", in.getTrack()),
                Names.read(in.getLabel()),
                read(in.getAt()),
                Checks.finite("vehicle.heading_rad", in.getHeadingRad()),
                Checks.finite("vehicle.speed_m_s", in.getSpeedMS()),
                Checks.finite("vehicle.length_m", in.getLengthM()),
                Checks.finite("vehicle.width_m", in.getWidthM()),
                Checks.finite("vehicle.height_m", in.getHeightM()),
                covariance(in.getCovarianceM2()),
                in.getInvolved());
    }

    private static Covariance2 covariance(double[] full) {
        return Covariance2.newBuilder()
                .setXx(full[0])
                .setXy(full[1])
                .setYy(full[3])
                .build();
    }

    private static double[] covariance(Covariance2 in) {
        double xy = Checks.finite("covariance_m2.xy", in.getXy());
        return new double[] {
            Checks.variance("covariance_m2.xx", in.getXx()), xy, xy, Checks.variance("covariance_m2.yy", in.getYy())
        };
    }

    private static Posture posture(String name) {
        for (Posture posture : Posture.values()) {
            if (posture.name().equals(name)) {
                return posture;
            }
        }
        throw Checks.unknown("posture", "'" + name + "'");
    }

    private static List<GroundPoint> points(List<sightline.config.wire.GroundPoint> in) {
        return in.stream().map(BriefWire::read).toList();
    }

    private static sightline.config.wire.GroundPoint write(GroundPoint point) {
        return sightline.config.wire.GroundPoint.newBuilder()
                .setEastM(point.east())
                .setNorthM(point.north())
                .build();
    }

    private static GroundPoint read(sightline.config.wire.GroundPoint in) {
        return new GroundPoint(Checks.finite("east_m", in.getEastM()), Checks.finite("north_m", in.getNorthM()));
    }
}
