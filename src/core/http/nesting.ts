/** Several times what any provider answers. */
const maxDepth = 100;

/**
 * Whether a JSON text opens more objects and arrays within one another than an answer needs. Asked before it is parsed:
 * ten megabytes of brackets become hundreds of megabytes of objects, which then exhaust the stack of whoever walks them.
 */
export function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    switch (text[index]) {
      case '"':
        quoted = !quoted;
        break;
      case '\\':
        index += 1;
        break;
      case '[':
      case '{':
        if (!quoted) depth += 1;
        if (depth > maxDepth) return true;
        break;
      case ']':
      case '}':
        if (!quoted) depth -= 1;
        break;
      default:
    }
  }
  return false;
}
