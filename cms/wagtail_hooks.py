from wagtail import hooks

from cms.dashboard import TrainingPanel


@hooks.register("construct_homepage_panels")
def add_training_panel(request, panels):
    panels.append(TrainingPanel())
