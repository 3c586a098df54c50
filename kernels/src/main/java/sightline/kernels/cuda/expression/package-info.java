/**
 * Internal to the CUDA engine: whole expressions as kernels. An {@link sightline.kernels.cuda.expression.ExpressionDraft} says
 * what is read ({@link sightline.kernels.cuda.expression.ExpressionLeaf}) and computed, {@link
 * sightline.kernels.cuda.expression.ExpressionResult}s what becomes of it; {@link sightline.kernels.cuda.expression.Chain32}
 * makes steps of both, {@link sightline.kernels.cuda.expression.WholeRows} one of a norm.
 *
 * <p>Each is a kernel of its own in PTX: a {@link sightline.kernels.cuda.expression.KernelWriter} a shape of work ({@link
 * sightline.kernels.cuda.expression.ElementKernel}, {@link sightline.kernels.cuda.expression.RowKernel}, {@link
 * sightline.kernels.cuda.expression.ColumnKernel}, {@link sightline.kernels.cuda.expression.WholeRowKernel}), an {@link
 * sightline.kernels.cuda.expression.ExpressionCompiler} and {@link sightline.kernels.cuda.expression.PtxMath} for what an
 * element is, {@link sightline.kernels.cuda.expression.Ptx} for the text. Where a driver takes none, chain.cu interprets an
 * {@link sightline.kernels.cuda.expression.ExpressionProgram}. What belongs into one expression is the lowering's to decide.
 */
package sightline.kernels.cuda.expression;
