/** The few drawings of the page, as strokes in the colour of the text around them. */

const PATHS = {
  play: "M7 4.5v15l12-7.5z",
  check: "M4.5 12.5l5 5 10-11",
  cross: "M6 6l12 12M18 6L6 18",
  dash: "M5 12h14",
  alert: "M12 7v6M12 16.8v.2M12 2.8l10 17.7H2z",
  key: "M14.5 9.5a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM13.3 12.3l7.2 7.2M17.5 16.5l2-2",
  out: "M14 4h5v16h-5M4 12h11M11 8l4 4-4 4",
} as const;

export function Icon({ name, size = 16 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

/** The product's mark, as in the browser's tab. */
export function Mark({ size }: { size: number }) {
  return <img src="./favicon.svg" width={size} height={size} alt="" />;
}
