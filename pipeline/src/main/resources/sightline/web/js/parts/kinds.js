/** A glyph for each kind of event. */
export const KINDS = {
  ZONE_ENTER: ['M4 4h9v16H4z', 'M21 12h-9M15 8l-4 4 4 4'],
  ZONE_EXIT: ['M4 4h9v16H4z', 'M9 12h12M17 8l4 4-4 4'],
  ZONE_DWELL: ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z', 'M12 7v5l3.5 2'],
  LINE_CROSS: ['M12 3v4M12 10v4M12 17v4', 'M4 12h16M16 8l4 4-4 4'],
  CROWDING: ['M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z', 'M2.5 19a5.5 5.5 0 0 1 11 0', 'M16 11a2.6 2.6 0 1 0 0-5.2', 'M16 14a5 5 0 0 1 5.5 5'],
  NEAR_MISS: ['M3 12h6M6.5 8.5L10 12l-3.5 3.5', 'M21 12h-6M17.5 8.5L14 12l3.5 3.5', 'M12 4v3M12 17v3'],
  FALL: ['M6 6.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z', 'M7 9l5 4 5-1', 'M12 13l-1 4 9 2', 'M3 21h18'],
  LOITERING: ['M12 12a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z', 'M6.5 20a5.5 5.5 0 0 1 11 0', 'M3 3l2 2M21 3l-2 2'],
  SENSOR_FAULT: ['M12 4l9 16H3z', 'M12 10v4M12 17v.2'],
};
