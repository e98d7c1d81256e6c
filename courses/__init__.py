"""What is learned: courses, lessons, assessments, enrolments and completions."""
