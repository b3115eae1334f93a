import qrcode from 'qrcode-generator';

/** Dark on white whatever the theme: that is what cameras read. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const dark: string[] = [];
  for (let row = 0; row < size; ++row) for (let column = 0; column < size; ++column) if (code.isDark(row, column)) dark.push(`M${column} ${row}h1v1h-1z`);
  return (
    <svg role="img" aria-label={label} viewBox={`-4 -4 ${size + 8} ${size + 8}`} shapeRendering="crispEdges" className="size-48 shrink-0 rounded-md border border-line bg-white">
      <path d={dark.join('')} fill="#000" />
    </svg>
  );
}
