/**
 * From an event to a picture that can be trusted: {@link sightline.operators.depict.BriefWriter} turns an event's fused
 * evidence into a brief, a {@link sightline.operators.depict.Depictor} draws it, {@link
 * sightline.operators.depict.ReadBackGate} looks at the drawing with our own networks and rejects what does not match,
 * and {@link sightline.operators.depict.Marking} makes sure that nobody takes it for a photograph.
 *
 * <p>No pixel of a camera enters this package.
 */
package sightline.operators.depict;
