/**
 * Between compressed pictures and pixels.
 *
 * <p>{@link sightline.sensors.decode.JpegEncoder} and {@link sightline.sensors.decode.JpegDecoder} are what the rest of
 * the house calls; each has an implementation on libjpeg-turbo, used where that library is installed, and one on the
 * JDK's ImageIO. {@link sightline.sensors.decode.JpegHeader} looks at a picture before anything is allocated for it and
 * refuses by name what would be too large, broken or of a kind that is not supported.
 * {@link sightline.sensors.decode.PixelPool} owns the off-heap memory that decoded pixels live in.
 */
package sightline.sensors.decode;
