/** Half axes and direction of the ellipse in which a Gaussian with covariance [cee, cen, cnn] falls below 1/e² (2 sigma). */
export function ellipse([cee, cen, cnn], sigmas = 2) {
  const mean = (cee + cnn) / 2;
  const spread = Math.hypot((cee - cnn) / 2, cen);
  return {
    major: sigmas * Math.sqrt(Math.max(0, mean + spread)),
    minor: sigmas * Math.sqrt(Math.max(0, mean - spread)),
    angle: 0.5 * Math.atan2(2 * cen, cee - cnn),
  };
}
