package jobs

// TasksAtOnce is how many tasks a process works on at a time.
const TasksAtOnce = tasksAtOnce
