/** Off-heap tensors and their element types. A tensor is a typed view of a memory segment; whoever made the segment's arena frees it. */
package sightline.kernels.tensor;
