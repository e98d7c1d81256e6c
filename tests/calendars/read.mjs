// Reads iCalendar files from standard input, a JSON list of texts, and prints what ical.js understands of each.
import ICAL from "ical.js";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);

const read = (text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return {
    method: calendar.getFirstPropertyValue("method"),
    zones: calendar.getAllSubcomponents("vtimezone").map((zone) => zone.getFirstPropertyValue("tzid")),
    names: calendar.getAllSubcomponents("vtimezone").flatMap((zone) =>
      zone.getAllSubcomponents().map((part) => part.getFirstPropertyValue("tzname"))),
    events: calendar.getAllSubcomponents("vevent").map((component) => {
      const event = new ICAL.Event(component);
      return {
        uid: event.uid,
        sequence: event.sequence,
        summary: event.summary,
        location: event.location,
        status: component.getFirstPropertyValue("status"),
        attendees: event.attendees.map((one) => [one.getFirstValue(), one.getFirstParameter("partstat")]),
        // By the zone's own rules in the file, not by those of this machine.
        starts: event.startDate.convertToZone(ICAL.Timezone.utcTimezone).toString(),
        ends: event.endDate.convertToZone(ICAL.Timezone.utcTimezone).toString(),
      };
    }),
  };
};

console.log(JSON.stringify(JSON.parse(Buffer.concat(chunks).toString("utf8")).map(read)));
