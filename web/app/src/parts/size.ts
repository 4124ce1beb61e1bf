/** Bytes as people read them. */
export function sizeOf(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB']
  let size = bytes
  let unit = 0
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${size.toLocaleString(undefined, { maximumFractionDigits: unit === 0 || size >= 10 ? 0 : 1 })} ${units[unit]}`
}
