pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../widgets"

// What staff may change. Every change counts at once.
Item {
    id: page
    property bool portrait: false

    component Heading: Label {
        width: content.cell
        font.pixelSize: 24
        font.weight: Font.Bold
    }

    Flickable {
        id: scroll
        anchors.fill: parent
        contentHeight: content.implicitHeight + 60
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        Grid {
            id: content
            x: 28
            y: 28
            width: page.width - 56
            columns: page.portrait ? 1 : 2
            columnSpacing: 56
            rowSpacing: 30
            readonly property real cell: page.portrait ? width : (width - 56) / 2

            Column {
                width: content.cell
                spacing: 14
                Heading { text: qsTr("How careful to be") }
                Rectangle {
                    width: content.cell
                    height: 226
                    radius: 24
                    color: Theme.white
                    border.width: 2
                    border.color: Theme.line
                    Label {
                        id: promise
                        objectName: "budgetText"
                        anchors { left: parent.left; right: parent.right; top: parent.top; leftMargin: 24; rightMargin: 24; topMargin: 20 }
                        text: qsTr("Wrong at most 1 time in %1").arg(Kiosk.settings.oneIn)
                        font.pixelSize: 27
                        font.weight: Font.Bold
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: 17
                    }
                    Label {
                        anchors { left: parent.left; right: parent.right; top: promise.bottom; leftMargin: 24; rightMargin: 24; topMargin: 4 }
                        wrapMode: Text.Wrap
                        color: Theme.mute
                        font.pixelSize: 17
                        text: [qsTr("Names almost everything; a wrong price now and then."), qsTr("A good balance for most shops."), qsTr("Asks now and then."), qsTr("Asks more often."), qsTr("Names only what is beyond doubt; asks often.")][Kiosk.settings.budgetStep]
                    }
                    Dial {
                        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; leftMargin: 24; rightMargin: 24; bottomMargin: 14 }
                        steps: Kiosk.settings.budgetSteps
                        at: Kiosk.settings.budgetStep
                        firstWord: qsTr("bolder")
                        lastWord: qsTr("stricter")
                        onMoved: step => Kiosk.settings.setBudgetStep(step)
                    }
                }
            }
            Column {
                width: content.cell
                spacing: 14
                Heading { text: qsTr("Language at the start") }
                Segmented {
                    width: content.cell
                    options: Kiosk.settings.languages
                    current: Kiosk.settings.languageChoice
                    onChosen: index => Kiosk.settings.chooseLanguage(index)
                }
                Heading { text: qsTr("Back to the start after"); topPadding: 12 }
                Segmented {
                    width: content.cell
                    options: Kiosk.settings.idleTimesS.map(each => qsTr("%1 s").arg(each))
                    current: Kiosk.settings.idleTimeChoice
                    onChosen: index => Kiosk.settings.chooseIdleTime(index)
                }
            }
            Column {
                width: content.cell
                spacing: 14
                Heading { text: qsTr("Camera") }
                Toggle {
                    width: content.cell
                    text: qsTr("Show it like a mirror")
                    hint: Kiosk.settings.mirrorMatters ? qsTr("Only on the screen: labels stay readable to the kiosk.") : qsTr("For a webcam only.")
                    enabled: Kiosk.settings.mirrorMatters
                    on: Kiosk.settings.mirror && Kiosk.settings.mirrorMatters
                    onChanged: value => Kiosk.settings.setMirror(value)
                }
                Label { text: qsTr("Turned by"); font.weight: Font.Medium }
                Segmented {
                    width: content.cell
                    options: Kiosk.settings.rotations.map(each => each + "°")
                    current: Kiosk.settings.rotationChoice
                    onChosen: index => Kiosk.settings.chooseRotation(index)
                }
            }
            Column {
                width: content.cell
                spacing: 8
                Heading { text: qsTr("Learning and privacy") }
                Toggle {
                    objectName: "learnFromTaps"
                    width: content.cell
                    text: qsTr("Count corrections")
                    hint: qsTr("When a customer picks another product, the pair is counted. No picture.")
                    on: Kiosk.settings.learnFromTaps
                    onChanged: value => Kiosk.settings.setLearnFromTaps(value)
                }
                Toggle {
                    width: content.cell
                    text: qsTr("Keep the picture of a correction")
                    hint: qsTr("Proposed to you as a new photo; nothing enters the catalogue by itself.")
                    enabled: Kiosk.settings.learnFromTaps
                    on: Kiosk.settings.keepTapPictures
                    onChanged: value => Kiosk.settings.setKeepTapPictures(value)
                }
            }
            Column {
                width: content.cell
                spacing: 8
                Heading { text: qsTr("Comfort") }
                Toggle {
                    width: content.cell
                    text: qsTr("Less motion")
                    hint: qsTr("Screens change at once, nothing slides.")
                    on: Kiosk.settings.reducedMotion
                    onChanged: value => Kiosk.settings.setReducedMotion(value)
                }
            }
            Column {
                width: content.cell
                spacing: 14
                Heading { text: qsTr("Codes from your own scales") }
                Segmented {
                    objectName: "layouts"
                    width: content.cell
                    options: [qsTr("Off"), qsTr("Price inside"), qsTr("Weight inside")]
                    current: Kiosk.settings.layoutChoice
                    onChosen: index => Kiosk.settings.chooseLayout(index)
                }
                Heading { text: qsTr("This kiosk"); topPadding: 12 }
                Flow {
                    width: content.cell
                    spacing: 14
                    ActionButton { icon: "lock"; text: qsTr("Change the PIN"); onClicked: Kiosk.settings.changePin() }
                    ActionButton { objectName: "quit"; icon: "exit"; text: qsTr("Close the kiosk"); onClicked: Kiosk.app.quit() }
                }
            }
            Notice {
                width: content.cell
                tone: "bad"
                icon: "warning"
                text: Kiosk.settings.fault
            }
        }
    }
    ScrollMark { flick: scroll }
}
